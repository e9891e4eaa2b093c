import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { FindingChangeRecord } from '../../../functions/changes/coalesce.ts'
import { findingDesk } from '../../../functions/changes/finding-desk.ts'
import { FindingRecord } from '../../../functions/finding/finding.ts'
import { recordFinding } from '../../../functions/intake/record-finding.ts'
import { KnownCveRecord } from '../../../functions/intel/known-cve.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { Assessment, AssessmentRecord } from '../../../functions/risk/assessment.ts'
import { replay } from '../../../functions/risk/replay.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { sha256 } from '../risk/any-facts.ts'
import { anyDesk, id } from './any-desk.ts'

let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
})
const portsWith = (over: Partial<typeof desk.ports> = {}) => {
  const ports = { ...desk.ports, ...over }
  return { ...ports, desk: findingDesk(ports) }
}
const record = (digit: number, over = {}) => recordFinding(anyFinding({ findingId: id(digit), ...over }), portsWith())
const leaves = () => desk.ports.ledger.outbox().filter(({ type }) => type !== 'test.put')
const nudged = () => desk.ports.nudges.sent.map(({ stage }) => stage)

describe('11.3 a finding from its event to its change', () => {
  it('is recorded, decided and joined by one transaction and one leaf, from which it can be decided again', async () => {
    await record(2)
    const before = leaves().length
    expect(await record(3)).toMatchObject({ outcome: 'recorded' })
    const [leaf, ...others] = leaves().slice(before)
    expect(others).toEqual([])
    expect(leaf).toMatchObject({
      type: 'change.finding-joined',
      body: { state: 'assessed', event: { findingId: id(3) }, finding: { findingId: id(3), because: 'new' } },
    })
    expect(replay(Assessment.parse(Reflect.get(Object(leaf?.body), 'assessment')), sha256).same).toBe(true)
    expect(nudged()).toEqual(['enrich', 'enrich'])
    expect(desk.ports.started()).toHaveLength(1)
  })

  it('says so in one leaf as well where it joins none', async () => {
    await desk.putAsset({ services: [] })
    await record(2)
    expect(leaves()).toMatchObject([
      { type: 'finding.assessed', body: { outcome: 'unassigned', finding: { because: 'new', status: 'active' } } },
    ])
  })

  it('is updated by a leaf of its own where nothing new is decided', async () => {
    await record(2)
    const before = leaves().length
    await record(2, { title: 'better words', updatedAt: '2026-04-01T00:00:00.000Z' })
    expect(leaves().slice(before)).toMatchObject([{ type: 'finding.updated', body: { because: 'newer' } }])
  })

  it('I20 is recorded alone where nothing can be decided, and its assessment is nudged', async () => {
    const intel = { lookup: async () => ({ feeds: {} }) }
    await recordFinding(anyFinding({ findingId: id(2) }), portsWith({ intel }))
    expect(leaves().map(({ type }) => type)).toEqual(['finding.recorded'])
    expect(nudged()).toEqual(['assess', 'enrich'])
    expect((await desk.assess(2)).outcome).toBe('opened')
  })

  it('F7 killed after the commit, the message delivered again nudges the assessment, which starts the driver', async () => {
    const killed = { ...desk.ports.driver, start: () => Promise.reject(new Error('killed')) }
    await expect(recordFinding(anyFinding({ findingId: id(2) }), portsWith({ driver: killed }))).rejects.toThrow(
      'killed',
    )
    expect(await record(2)).toMatchObject({ outcome: 'unchanged', because: 'same' })
    expect(nudged()).toEqual(['assess', 'enrich'])
    await desk.assess(2)
    expect(desk.ports.started()).toHaveLength(1)
  })

  it('F11 another writer in between is met by another try', async () => {
    let calls = 0
    const lookup = async (cveId: string) => {
      if (calls++ === 0) await desk.putFinding(anyFinding({ findingId: id(2), severity: 'low' }))
      return desk.ports.intel.lookup(cveId)
    }
    await recordFinding(
      anyFinding({ findingId: id(2), updatedAt: '2026-04-01T00:00:00.000Z' }),
      portsWith({ intel: { lookup } }),
    )
    expect((await desk.ports.ledger.read(FindingRecord, keys.finding(id(2))))?.version).toBe(2)
  })
})

describe('3.6 where a finding is found', () => {
  const anyRecord = { kind: 'any', schema: z.unknown() }
  const skOf = async (pk: string) => (await desk.ports.ledger.list(anyRecord, pk)).map(({ listSk }) => listSk)
  const { resource } = anyFinding()

  it('under its host and its CVE once it has joined, and its CVE and packages are known', async () => {
    await record(2)
    await record(3)
    expect(await skOf(lists.findingsOnHost(resource.id))).toEqual([id(2), id(3)])
    expect(await skOf(lists.findingsOfCve('CVE-2026-1111'))).toEqual([id(2), id(3)])
    expect(await skOf(lists.cves)).toEqual(['CVE-2026-1111'])
    expect(await skOf(lists.packages)).toEqual(['openssl'])
    expect(await desk.ports.ledger.read(KnownCveRecord, keys.cve('CVE-2026-1111'))).toMatchObject({ version: 1 })
  })

  it('under its host while it is in no change', async () => {
    await desk.putAsset({ services: [] })
    await record(2)
    expect(await skOf(lists.findingsOnHost(resource.id))).toEqual([id(2)])
  })

  it('under each of 20 CVEs, and as one of many beyond', async () => {
    const cveIds = Array.from({ length: 25 }, (_, index) => `CVE-2026-${1000 + index}`)
    await record(2, { vulnerabilityId: 'KB5034127', relatedVulnerabilityIds: cveIds })
    for (const cveId of cveIds.slice(0, 20)) expect(await skOf(lists.findingsOfCve(cveId))).toEqual([id(2)])
    expect(await skOf(lists.findingsOfCve(cveIds[20] ?? ''))).toEqual([])
    expect(await skOf(lists.findingsOfManyCves)).toEqual([id(2)])
    expect(await skOf(lists.cves)).toEqual(cveIds.slice(0, 20))
  })

  it('nowhere new when it comes closed, until it is active again', async () => {
    await record(2, { status: 'closed' })
    expect(await skOf(lists.findingsOnHost(resource.id))).toEqual([])
    await record(2, { status: 'active', updatedAt: '2026-04-01T00:00:00.000Z' })
    expect(await skOf(lists.findingsOnHost(resource.id))).toEqual([id(2)])
  })

  it('one that an older Drydock assessed is listed when it is assessed again', async () => {
    await record(2)
    const known = await desk.ports.ledger.read(AssessmentRecord, keys.assessment(id(2)))
    const old = z.json().parse(known?.value.assessment)
    await desk.put({ kind: 'assessment', schema: z.json() }, keys.assessment(id(2)), old)
    await desk.put(FindingChangeRecord, keys.findingChange(id(2)), { changeId: known?.value.changeId ?? '' })
    const before = leaves().length
    await desk.assess(2)
    expect(
      leaves()
        .slice(before)
        .map(({ type }) => type),
    ).toContain('finding.assessed')
    expect(await skOf(lists.findingsOfCve('CVE-2026-1111'))).toEqual([id(2)])
    expect(await desk.assess(2)).toMatchObject({ outcome: 'already-joined' })
    expect(leaves()).toHaveLength(before + 1)
  })
})
