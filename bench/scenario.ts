/** The scenario: time from event to ledger and to change on the local cloud, and what each host costs. */
import { ChangeRecord } from '../functions/changes/index.ts'
import { FindingRecord } from '../functions/finding/index.ts'
import { lists } from '../functions/kit/keys.ts'
import { deployFromAssembly } from '../local/deploy.ts'
import { startEmulatorCloud } from '../local/emulator-cloud.ts'
import { startInProcessCloud } from '../local/in-process-cloud.ts'
import { scriptFaults } from '../local/scenario/faults.ts'
import { runScenario } from '../local/scenario/scenario.ts'
import { seed } from '../local/scenario/seed.ts'
import { inspectorFindingEvent } from '../local/scenario-findings.ts'
import type { LocalCloud } from '../simulator/cloud.ts'
import { defaultFleet } from '../simulator/fleet/default-fleet.ts'
import type { Fleet } from '../simulator/fleet/fleet.ts'
import { type Bench, median } from './table.ts'

const silent = { line: () => undefined, status: () => undefined, end: () => undefined }
const say = (line: string) => process.stderr.write(`${line}\n`)
/** Web and batch nodes that the scenario works on before it ends. */
const hostsWorkedOn = 16 + 5
const events = 5

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 60_000
  while (!(await isTrue())) {
    if (Date.now() > endMs) throw new Error('nothing came within 60 s')
    await new Promise((done) => setTimeout(done, 20))
  }
}

/** Milliseconds from an event to its finding, and to the change it opens or joins. */
async function timeEvents(cloud: LocalCloud & { readonly fleetAddress: string }) {
  const times: { finding: number; change: number }[] = []
  for (let count = 0; count < events; count++) {
    const cve = `CVE-2025-${10_000 + count}`
    const startMs = performance.now()
    await cloud.publish(
      inspectorFindingEvent({
        account: '123456789012',
        region: 'eu-central-1',
        hostId: 'i-0000000000d0c001e',
        cve,
        packageName: 'curl',
        installedVersion: '7.81.0-1ubuntu1.13',
        fixedVersion: '7.81.0-1ubuntu1.14',
        severity: 'HIGH',
        cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        status: 'ACTIVE',
        updatedAtIso: new Date().toISOString(),
        findingUuid: `be0c${count}`.padEnd(32, '0'),
        platform: 'UBUNTU_22_04',
      }),
    )
    await until(async () =>
      (await cloud.ledger.list(FindingRecord, lists.findings)).some(({ value }) => value.vulnerabilityId === cve),
    )
    const finding = performance.now() - startMs
    await until(async () =>
      (await cloud.ledger.list(ChangeRecord, lists.changes)).some(({ value }) => value.vulnerabilityIds.includes(cve)),
    )
    times.push({ finding, change: performance.now() - startMs })
  }
  return { findingMs: median(times.map(({ finding }) => finding)), changeMs: median(times.map(({ change }) => change)) }
}

type Started = LocalCloud & { readonly fleetAddress: string }
type Start = (options: { readonly fleet: Fleet; readonly onLine: (line: string) => void }) => Promise<Started>

const startInProcess: Start = (options) => startInProcessCloud({ ...options, seed: 20_261_123, startMs: Date.now() })

async function withCloud<T>(start: Start, work: (cloud: Started, fleet: Fleet) => Promise<T>): Promise<T> {
  const fleet = defaultFleet(20_261_123)
  scriptFaults(fleet)
  const cloud = await start({ fleet, onLine: say })
  try {
    await seed(cloud, cloud.fleetAddress, cloud.clock.nowMs())
    return await work(cloud, fleet)
  } finally {
    await cloud.stop()
  }
}

export async function benchScenario(): Promise<Bench[]> {
  const startEmulated: Start = (options) =>
    startEmulatorCloud({ ...options, deploy: deployFromAssembly(options.fleet.sessions.spokes) })
  const times = await withCloud(startEmulated, (cloud) => timeEvents(cloud))
  const { transitions, lambdaCalls, sendCommands } = await withCloud(startInProcess, async (cloud, fleet) => {
    const options = { cloud, fleet, display: silent, isUnattended: true, timeoutMs: 120_000 }
    await cloud.during(() => runScenario(options))
    return cloud.counts()
  })
  const row = (what: string, ours: number, peer: number, unit: string, against: string) => ({
    what,
    ours,
    peer,
    unit,
    against,
  })
  return [
    {
      title: 'Time from event to ledger, on the local cloud',
      command: 'npm run bench -- scenario',
      rows: [
        row('event to finding', times.findingMs, 1_000, 'ms', 'a second; one queue, polled ten times a second'),
        row('event to change', times.changeMs, 2_000, 'ms', 'two seconds; two such queues'),
      ],
    },
    {
      title: `Cost of the scenario, per host (${hostsWorkedOn} hosts, three changes, rings of 1 to 11 hosts)`,
      command: 'npm run bench -- scenario',
      rows: [
        row('state transitions', transitions / hostsWorkedOn, 0.05, '', 'target for a rollout of 10,000 hosts'),
        row('Lambda calls', lambdaCalls / hostsWorkedOn, 0.15, '', 'target for a rollout of 10,000 hosts'),
        row('SendCommand calls', sendCommands / hostsWorkedOn, 0.025, '', 'target for a rollout of 10,000 hosts'),
      ],
    },
  ]
}
