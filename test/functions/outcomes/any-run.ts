/** A host that was patched and proven, as most tests need it. */
import { hash } from 'node:crypto'
import type { Attempt, HostRun } from '../../../functions/outcomes/host-run.ts'
import type { OutcomePorts } from '../../../functions/outcomes/record-outcomes.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

export const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`

/** A step that passed, from one minute to another. */
export const anyAttempt = (step: string, from: number, to: number, more: Partial<Attempt> = {}): Attempt => ({
  ring: 'production',
  isRollback: false,
  step,
  attempt: 1,
  verdict: 'passed',
  startedAt: at(from),
  endedAt: at(to),
  ...more,
})

export const provenAttempts = [
  anyAttempt('precheck', 0, 1),
  anyAttempt('restore-point', 1, 3),
  anyAttempt('install', 5, 9),
  anyAttempt('reboot', 10, 12),
  anyAttempt('verify', 12, 13),
]

export const anyRun = (run: Partial<HostRun> = {}): HostRun => ({
  hostId: 'i-1',
  account: '123456789012',
  region: 'eu-central-1',
  zone: 'z0',
  services: ['web'],
  ring: 'production',
  verdict: 'proven',
  attempts: provenAttempts,
  before: [{ name: 'snapd', version: '1' }],
  wanted: [{ name: 'snapd', version: '2' }],
  ...run,
})

export const digest = (text: string) => hash('sha256', text, 'hex')

export function anyPorts() {
  const ledger = memoryLedger()
  const clock = fixedClock(Date.parse(at(30)))
  const ports: OutcomePorts = { ledger, clock, ids: sequentialIds(), account: '123456789012', digest }
  return { ledger, clock, ports }
}
