import { describe, expect, it } from 'vitest'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Ledger, Move } from '../../../functions/kit/ledger.ts'
import { hostRunsOf } from '../../../functions/rollback/host-runs.ts'
import { openRollback } from '../../../functions/rollback/open.ts'
import { run as readHostRuns } from '../../../functions/rollback/read-host-runs.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { ringsOf } from '../../../functions/rollout/ring-record.ts'
import type { StepLog } from '../../../functions/rollout/step-log.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { anyPlan } from '../planning/any-plan.ts'

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`
const plan = anyPlan()
const planHash = 'a'.repeat(64)
const hub = { account: '123456789012', region: 'eu-central-1' }
const [first = '', second = '', third = ''] = plan.rings.flatMap(({ hosts }) => hosts.map(({ hostId }) => hostId))
const proven: HostProgress = { step: 'verify', state: 'done', attempt: 1 }
const fresh: HostProgress = { step: 'precheck', state: 'waiting', attempt: 1 }
const patch = (hosts: Ring['hosts']): Ring => ({
  ...openedRing(plan, planHash, 'production', undefined, 't', at(0)),
  hosts,
})
const step = (hostId: string, ring: string, more: Partial<StepLog> = {}): StepLog => ({
  hostId,
  changeId: plan.changeId,
  ring,
  step: 'verify',
  attempt: 1,
  commandId: 'c',
  status: 'Success',
  exitCode: 0,
  startedAt: at(1),
  endedAt: at(2),
  outcome: 'passed',
  ...more,
})

/** The entry of the execution log. */
const logMove = (log: StepLog, endedAt: string): Move => ({
  kind: 'step',
  key: keys.step(log.hostId, endedAt, log.changeId, `${log.ring}.${log.step}.${log.attempt}`),
  from: 0,
  value: log,
  list: { pk: lists.stepsOf(log.changeId), sk: `${endedAt}#${log.hostId}` },
})

describe('what rings say of a host', () => {
  it.each<readonly [string, HostProgress | undefined, string]>([
    ['done', proven, 'proven'],
    ['in no ring', undefined, 'untouched'],
    ['waiting for its precheck', fresh, 'untouched'],
    ['waiting for its first install', { step: 'install', state: 'waiting', attempt: 1 }, 'untouched'],
    ['in the middle of its install', { step: 'install', state: 'sent', attempt: 1 }, 'unknown'],
    ['skipped', { step: 'precheck', state: 'skipped', attempt: 1, because: 'busy' }, 'skipped'],
    ['failed', { step: 'install', state: 'failed', attempt: 3 }, 'failed'],
    ['gone', { step: 'reboot', state: 'gone', attempt: 1 }, 'gone'],
    ['quarantined', { step: 'reboot', state: 'quarantined', attempt: 1 }, 'quarantined'],
  ])('%s', (_, progress, verdict) => {
    const rings = [patch(progress ? { [first]: progress } : {})]
    const runs = hostRunsOf({ plan, rings, steps: [], hub })
    expect(runs.find(({ hostId }) => hostId === first)?.verdict).toBe(verdict)
    expect(runs).toHaveLength(3)
  })

  it.each<readonly [string, HostProgress, string]>([
    ['done', proven, 'restored'],
    ['still waiting', { step: 'collect', state: 'waiting', attempt: 1 }, 'unknown'],
    ['quarantined', { step: 'rollback', state: 'quarantined', attempt: 1 }, 'quarantined'],
  ])('a rollback has the last word: %s', (_, progress, verdict) => {
    const patched = patch({ [first]: proven, [second]: proven })
    const back = openRollback({ plan, planHash, ring: 'production', rings: [patched], taskToken: 't', at: at(5) })
    const rings = [{ ...back, hosts: { [first]: progress } }, patched]
    const [one, two] = hostRunsOf({ plan, rings, steps: [step(first, back.name)], hub })
    expect(one).toMatchObject({ verdict, rollbackOpenedAt: at(5), attempts: [{ isRollback: true }] })
    expect(two).toMatchObject({ verdict: 'proven', rollbackOpenedAt: undefined })
  })

  it('takes place, services and versions from the plan, and the hub where it names no place', () => {
    const [ring] = plan.rings
    const hosts = (ring?.hosts ?? []).map((host) =>
      host.hostId === second ? { ...host, account: '222222222222', region: 'eu-west-1' } : host,
    )
    const spread = anyPlan({ rings: ring ? [{ ...ring, hosts }] : [] })
    const runs = hostRunsOf({ plan: spread, rings: [], steps: [], hub })
    expect(runs.map(({ account, region }) => [account, region])).toEqual([
      ['123456789012', 'eu-central-1'],
      ['222222222222', 'eu-west-1'],
      ['123456789012', 'eu-central-1'],
    ])
    expect(runs[0]).toMatchObject({ services: ['web'], zone: 'z0', before: [{ name: 'snapd', version: '1' }] })
  })

  it('knows no version of a host named like a property of every object', () => {
    const [ring] = plan.rings
    const hosts = (ring?.hosts ?? []).map((host, index) => (index === 0 ? { ...host, hostId: 'constructor' } : host))
    const odd = anyPlan({ rings: ring ? [{ ...ring, hosts }] : [] })
    expect(hostRunsOf({ plan: odd, rings: [], steps: [], hub })[0]?.before).toEqual([])
  })
})

describe('reading what rings did', () => {
  async function anyWorld() {
    const ledger = memoryLedger()
    const rings = [patch({ [first]: proven, [second]: proven, [third]: fresh })]
    const moves = [
      ...rings.flatMap((ring) => ringMoves(undefined, ring).moves),
      logMove(step(first, 'production'), at(2)),
      logMove(step(second, 'production'), at(3)),
    ]
    await ledger.commit({
      moves,
      evidence: [{ leafId: '0', at: '', type: 'test', account: '', changeId: 'none', actor: '', body: {} }],
    })
    return { ledger, asked: { changeId: plan.changeId, plan, rings, hub } }
  }

  it('finds the rings of a change and the steps of its hosts', async () => {
    const { ledger, asked } = await anyWorld()
    expect(await ringsOf(plan.changeId, ledger)).toHaveLength(1)
    const runs = await readHostRuns(asked, ledger)
    expect(runs.map(({ attempts }) => attempts.length)).toEqual([1, 1, 0])
  })

  it('a proof that the list does not have yet is read from the host itself', async () => {
    const { ledger, asked } = await anyWorld()
    const lagging: Ledger = {
      ...ledger,
      list: async (kind, listPk, options) => {
        const rows = await ledger.list(kind, listPk, options)
        return listPk === lists.stepsOf(plan.changeId) ? rows.slice(0, 1) : rows
      },
    }
    const runs = await readHostRuns(asked, lagging)
    expect(runs.map(({ attempts }) => attempts.length)).toEqual([1, 1, 0])
  })
})
