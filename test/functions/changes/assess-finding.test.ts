import { beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../../functions/changes/assess-finding.ts'
import { type Change, ChangeRecord } from '../../../functions/changes/change.ts'
import { AssetRecord } from '../../../functions/inventory/asset.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { Assessment } from '../../../functions/risk/assessment.ts'
import { replay } from '../../../functions/risk/replay.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { sha256 } from '../risk/any-facts.ts'
import { anyService } from '../validation/builders.ts'
import { anyAsset, anyDesk, id, listed } from './any-desk.ts'

let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
})

const changes = async (): Promise<Change[]> =>
  (await desk.ports.ledger.list(ChangeRecord, lists.changes)).map(({ value }) => value)
const putChange = (change: Change) =>
  desk.put(ChangeRecord, keys.change(change.changeId), change, { pk: lists.changes, sk: `open#${change.changeId}` })
const types = () =>
  desk.ports.ledger
    .outbox()
    .map(({ type }) => type)
    .filter((type) => type !== 'test.put')

describe('11.3 assess-finding', () => {
  it('commits assessment, change and evidence together, and starts the driver', async () => {
    const { outcome, changeId } = await desk.assess()
    expect(outcome).toBe('opened')
    expect(desk.ports.started()).toEqual([changeId])
    const [change] = await changes()
    expect(change).toMatchObject({ changeId, state: 'assessed' })
    expect(await desk.findingsOf(change)).toEqual([id(1)])
    expect((await desk.assessmentOf())?.findingId).toBe(id(1))
    expect(types()).toEqual(['change.finding-joined', 'change.assessed'])
  })

  it('F1 delivered again it changes nothing, and starts the driver of a change that is still assessed', async () => {
    const first = await desk.assess()
    const leaves = desk.ports.ledger.outbox().length
    expect(await desk.assess()).toEqual({ outcome: 'already-joined', changeId: first.changeId })
    expect(desk.ports.ledger.outbox()).toHaveLength(leaves)
    expect(desk.ports.started()).toEqual([first.changeId])
  })

  it('F7 killed between commit and start, the message delivered again starts the driver', async () => {
    const killed = { ...desk.ports.driver, start: () => Promise.reject(new Error('killed')) }
    await expect(run({ findingId: id(1) }, { ...desk.ports, driver: killed })).rejects.toThrow('killed')
    const { changeId } = await desk.assess()
    expect(desk.ports.started()).toEqual([changeId])
    expect(await changes()).toHaveLength(1)
  })

  it('F11 ten findings assessed at once make one change with all of them', async () => {
    const digits = [1, 2, 3, 4, 5, 6]
    for (const digit of digits.slice(1))
      await desk.putFinding(anyFinding({ findingId: id(digit), vulnerabilityId: `CVE-2026-${digit}000` }))
    await Promise.all(digits.map((digit) => retried(() => desk.assess(digit))))
    const [change, ...others] = await changes()
    expect(others).toEqual([])
    expect(await desk.findingsOf(change)).toEqual(digits.map(id))
  })

  it('F13 a finding that closes while it is assessed opens no change', async () => {
    const closed = anyFinding({ findingId: id(1), status: 'closed' })
    const intel = {
      lookup: async (cveId: string) => {
        await desk.putFinding(closed)
        return desk.ports.intel.lookup(cveId)
      },
    }
    const once = {
      lookup: async (cveId: string) => (calls++ === 0 ? intel.lookup(cveId) : desk.ports.intel.lookup(cveId)),
    }
    let calls = 0
    expect(await run({ findingId: id(1) }, { ...desk.ports, intel: once })).toEqual({ outcome: 'not-active' })
    expect(await changes()).toEqual([])
  })

  it('I5 gives up after five conflicts and leaves nothing', async () => {
    const busy: Ledger = { ...desk.ports.ledger, commit: async () => ({ conflict: keys.policy() }) }
    await expect(run({ findingId: id(1) }, { ...desk.ports, ledger: busy })).rejects.toMatchObject({ code: 'DD1503' })
    expect(desk.ports.started()).toEqual([])
  })

  it('a closed finding leaves evidence and no change', async () => {
    await desk.putFinding(anyFinding({ findingId: id(1), status: 'closed' }))
    expect(await desk.assess()).toEqual({ outcome: 'not-active' })
    expect(types()).toEqual(['finding.assessed'])
  })

  it.each([
    [
      'no asset is known',
      () => desk.put(AssetRecord, keys.asset('i-00000000'), anyAsset({ hostId: 'i-00000000', services: [] })),
    ],
    ['the asset names no service', () => desk.putAsset({ services: [] })],
    ['the catalogue knows no such service', () => desk.putAsset({ services: ['ghost'] })],
  ])('a finding is shown as unassigned, exposed and mission-critical when %s', async (why, prepare) => {
    if (why === 'no asset is known')
      await desk.putFinding(
        anyFinding({ findingId: id(1), resource: { type: 'ec2-instance', id: 'i-0fffffffffffffff0', tags: {} } }),
      )
    await prepare()
    expect(await desk.assess()).toEqual({ outcome: 'unassigned' })
    expect((await desk.assessmentOf())?.facts).toMatchObject({ publiclyExposed: true, tier: 'mission-critical' })
  })

  it.each([
    ['catalogue', keys.catalogue(), 'DD1505'],
    ['policy', keys.policy(), 'DD1505'],
    ['finding', keys.finding(id(1)), 'DD1504'],
  ])('I20 nothing is decided without the %s', async (_, missing, code) => {
    const { ledger } = desk.ports
    const without: Ledger = {
      ...ledger,
      read: (kind, key) =>
        key.pk === missing.pk && key.sk === missing.sk ? Promise.resolve(undefined) : ledger.read(kind, key),
    }
    await expect(run({ findingId: id(1) }, { ...desk.ports, ledger: without })).rejects.toMatchObject({ code })
    expect(types()).toEqual([])
  })

  it('I20 nothing is decided before KEV was loaded once', async () => {
    const empty = { lookup: async () => ({ feeds: {} }) }
    await expect(run({ findingId: id(1) }, { ...desk.ports, intel: empty })).rejects.toMatchObject({ code: 'DD1506' })
    expect(types()).toEqual([])
  })
})

describe('3.6 a finding assessed again', () => {
  it('turns its planned change into an emergency when KEV lists it, and its neighbours go along', async () => {
    await desk.putFinding(anyFinding({ findingId: id(2), vulnerabilityId: 'CVE-2026-2222' }))
    const { changeId = '' } = await desk.assess(1)
    await desk.assess(2)
    const [opened] = await changes()
    expect(opened?.class).toBe('normal')
    if (opened) await putChange({ ...opened, state: 'planned', planHash: 'a'.repeat(64) })
    desk.ports.known.set('CVE-2026-1111', { kev: { ...listed, forensicTriage: true } })
    const again = await desk.assess(1)
    expect(again.outcome).toBe('opened')
    expect(desk.ports.started().at(-1)).toBe(again.changeId)
    const [first, second] = (await changes()).toSorted((left, right) => (left.changeId < right.changeId ? -1 : 1))
    expect(first).toMatchObject({ changeId, state: 'superseded' })
    expect(second).toMatchObject({ class: 'emergency', state: 'assessed', needsForensicTriage: true })
    expect(await desk.findingsOf(second)).toEqual([id(1), id(2)])
    expect(types()).toContain('change.superseded')
    if (second) await putChange({ ...second, state: 'planned', planHash: 'b'.repeat(64) })
    await desk.putFinding(anyFinding({ findingId: id(3), vulnerabilityId: 'CVE-2026-3333' }))
    expect((await desk.assess(3)).outcome).toBe('opened')
    expect(await desk.assess(2)).toEqual({ outcome: 'already-joined', changeId: again.changeId })
    expect(await changes()).toHaveLength(3)
  })

  it('a change opened before Vulnrichment spoke keeps what it was opened with; the assessment of its finding follows', async () => {
    await desk.putCatalogue(anyService({ exposure: 'internet' }))
    desk.ports.known.set('CVE-2026-1111', { kev: listed })
    await desk.assess()
    const row = async () => (await desk.assessmentOf())?.winner.row
    const opened = [await row(), (await desk.assessmentOf())?.winner.needsForensicTriage]
    desk.ports.known.set('CVE-2026-1111', {
      kev: listed,
      vulnrichment: { automatable: 'yes', technicalImpact: 'partial', exploitation: 'active' },
    })
    expect((await desk.assess()).outcome).toBe('already-joined')
    const after = [await row(), (await desk.assessmentOf())?.winner.needsForensicTriage]
    expect([opened, after]).toEqual([
      [15, true],
      [11, false],
    ])
    expect(await changes()).toMatchObject([{ needsForensicTriage: true, class: 'emergency' }])
  })

  it('records the new assessment of a finding whose change goes on as it is', async () => {
    const { changeId } = await desk.assess()
    desk.ports.known.set('CVE-2026-1111', { epss: { probability: 0.5, percentile: 0.9 } })
    expect(await desk.assess()).toEqual({ outcome: 'reassessed', changeId })
    expect((await desk.assessmentOf())?.facts.epss).toBe(0.5)
    desk.ports.known.set('CVE-2026-1111', { epss: { probability: 0.1, percentile: 0.5 } })
    expect(await desk.assess()).toEqual({ outcome: 'already-joined', changeId })
    expect(types().filter((type) => type.startsWith('finding.') || type.endsWith('assessed'))).toEqual([
      'change.assessed',
      'change.reassessed',
      'finding.assessed',
    ])
  })

  it('F1 reassesses the change that is under way once, and files who, what and why', async () => {
    const { changeId = '' } = await desk.assess()
    const [opened] = await changes()
    if (opened) await putChange({ ...opened, state: 'in-progress', planHash: 'a'.repeat(64), ring: 'dev' })
    desk.ports.known.set('CVE-2026-1111', { kev: { ...listed, forensicTriage: true } })
    expect((await desk.assess()).outcome).toBe('reassessed')
    expect((await desk.assess()).outcome).toBe('already-joined')
    const leaves = desk.ports.ledger.outbox().filter(({ type }) => type === 'change.reassessed')
    expect(leaves).toMatchObject([
      {
        changeId,
        body: {
          state: 'in-progress',
          event: { type: 'reassessed', findingId: id(1), class: 'emergency', needsForensicTriage: true },
        },
      },
    ])
    expect(await changes()).toMatchObject([{ changeId, state: 'in-progress', class: 'emergency', ring: 'dev' }])
  })

  it('11.1 every decision ever made can be made again from its leaf', async () => {
    await desk.assess()
    desk.ports.known.set('CVE-2026-1111', { kev: { ...listed, forensicTriage: true } })
    await desk.assess()
    const told = desk.ports.ledger.outbox().map(({ body }) => Reflect.get(Object(body), 'assessment'))
    const stored = told.filter((one) => one !== undefined).map((one) => Assessment.parse(one))
    expect(stored.map(({ facts }) => facts.inKev)).toEqual([false, true])
    expect(stored.map((one) => replay(one, sha256).same)).toEqual([true, true])
  })

  it('follows a change that was superseded twice to the one that holds the finding now', async () => {
    const { changeId = '' } = await desk.assess()
    const [first] = await changes()
    if (!first) throw new Error('no change')
    const ids = ['01J00000000000000000000SEC', '01J00000000000000000000THR']
    await putChange({ ...first, state: 'superseded', supersededBy: ids[0] ?? '' })
    await putChange({ ...first, changeId: ids[0] ?? '', state: 'superseded', supersededBy: ids[1] ?? '' })
    await putChange({ ...first, changeId: ids[1] ?? '', state: 'scheduled' })
    expect(changeId).toBe(first.changeId)
    expect(await desk.assess()).toEqual({ outcome: 'already-joined', changeId: ids[1] })
  })
})

/** As SQS does: a message that failed comes again. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return retried(work)
  }
}
