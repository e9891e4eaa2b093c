import { beforeEach, describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import type { Finding } from '../../../functions/finding/finding.ts'
import { lists } from '../../../functions/kit/keys.ts'
import { replay } from '../../../functions/risk/replay.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { sha256 } from '../risk/any-facts.ts'
import { anyService } from '../validation/builders.ts'
import { anyDesk, checkedAt, id, listed } from './any-desk.ts'

let desk = await anyDesk()
beforeEach(async () => {
  desk = await anyDesk()
})

describe('3.1 the facts of an assessment', () => {
  it('come from the feeds, the service and the finding, and are replayed to the byte', async () => {
    const epss = { probability: 0.91, percentile: 0.99 }
    desk.ports.known.set('CVE-2026-1111', {
      kev: listed,
      epss,
      vulnrichment: { automatable: 'no', technicalImpact: 'partial' },
    })
    const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
    const cvss = ['CVSS:3.1/AV:N', vector].map((one) => ({ version: '3.1', vector: one, score: 5, source: 'NVD' }))
    await desk.putFinding(anyFinding({ findingId: id(1), cvss, epss: 0.1 }))
    await desk.assess()
    const assessment = await desk.assessmentOf()
    expect(assessment?.facts).toMatchObject({
      inKev: true,
      kevDateAdded: '2026-02-20',
      exploitation: 'active',
      publiclyExposed: false,
      publiclyExposedBecause: 'service-internal',
      automatable: 'no',
      technicalImpact: 'partial',
      tier: 'mission-critical',
      epss: 0.91,
      cvss: { version: '3.1', vector, score: 9.8 },
      cvssRefused: [expect.stringContaining('missing')],
      feeds: { kev: { version: '2026.03.02', date: '2026-03-02' } },
    })
    expect(assessment?.winner).toMatchObject({ row: 1, dueAt: '2026-03-06T00:00:00.000Z' })
    expect(assessment && replay(assessment, sha256).same).toBe(true)
  })

  it('are those of every CVE that a finding names, each judged by itself (public case l04)', async () => {
    const other = { vulnerabilityId: 'CVE-2024-10001', relatedVulnerabilityIds: ['CVE-2024-10002'] }
    await desk.putFinding(anyFinding({ findingId: id(1), epss: 0.2, ...other }))
    desk.ports.known.set('CVE-2024-10002', { kev: { ...listed, forensicTriage: true } })
    await desk.assess()
    const assessment = await desk.assessmentOf()
    expect(assessment?.facts.cves).toMatchObject([
      { cveId: 'CVE-2024-10001', inKev: false, epss: 0.2 },
      { cveId: 'CVE-2024-10002', inKev: true, kevDateAdded: '2026-02-20', kevForensicTriage: true },
    ])
    expect(assessment?.winner).toMatchObject({ cveId: 'CVE-2024-10002', needsForensicTriage: true })
    const [change] = await desk.ports.ledger.list(ChangeRecord, lists.changes)
    expect(change?.value.vulnerabilityIds).toEqual(['CVE-2024-10001', 'CVE-2024-10002'])
  })

  it('of a finding under another id, the worst of its CVEs counts', async () => {
    const relatedVulnerabilityIds = ['CVE-2026-2222', 'CVE-2026-3333', 'GHSA-x']
    await desk.putFinding(
      anyFinding({ findingId: id(1), vulnerabilityId: 'GHSA-aaaa-bbbb-cccc', relatedVulnerabilityIds }),
    )
    desk.ports.known.set('CVE-2026-2222', {
      vulnrichment: { automatable: 'yes', technicalImpact: 'partial', exploitation: 'poc' },
    })
    desk.ports.known.set('CVE-2026-3333', {
      kev: { ...listed, isVanished: true },
      vulnrichment: { automatable: 'no', technicalImpact: 'total' },
    })
    await desk.assess()
    expect((await desk.assessmentOf())?.facts).toMatchObject({
      inKev: true,
      isKevVanished: true,
      automatable: 'yes',
      technicalImpact: 'total',
      exploitation: 'active',
    })
  })

  it('an exploit that the scanner knows of is a proof of concept', async () => {
    await desk.putFinding(anyFinding({ findingId: id(1), isExploitAvailable: true }))
    desk.ports.known.set('CVE-2026-1111', { vulnrichment: { exploitation: 'none' } })
    await desk.assess()
    expect((await desk.assessmentOf())?.facts.exploitation).toBe('poc')
  })

  it.each([
    [71, undefined],
    [74, ['kev']],
  ])('a feed last confirmed %d hours ago, of 72 allowed, is flagged as %o', async (hours, staleFeeds) => {
    desk.ports.clock.set(Date.parse(checkedAt) + hours * 3_600_000)
    await desk.assess()
    expect((await desk.assessmentOf())?.facts.staleFeeds).toEqual(staleFeeds)
  })

  it.each([
    ['internet', 'service-exposure', true],
    ['internal', 'service-internal', false],
    ['unknown', 'unknown-counts-as-exposed', true],
  ] as const)('I20 a service with exposure %s is "%s"', async (exposure, because, publiclyExposed) => {
    await desk.putCatalogue(anyService({ exposure }))
    await desk.assess()
    expect((await desk.assessmentOf())?.facts).toMatchObject({ publiclyExposed, publiclyExposedBecause: because })
  })

  const reachability = (status: Finding['status']) =>
    anyFinding({
      findingId: id(9),
      type: 'network-reachability',
      route: 'network-owner',
      status,
      packages: [],
      relatedVulnerabilityIds: [],
    })

  it('a network-reachability finding exposes its host, wakes its findings, and its closing ends that', async () => {
    await desk.assess()
    await desk.putFinding(reachability('active'))
    expect(await desk.assess(9)).toEqual({ outcome: 'not-patchable' })
    expect(desk.ports.nudges.sent.map(({ message }) => message)).toEqual([{ findingId: id(1) }])
    await desk.assess()
    expect((await desk.assessmentOf())?.facts.publiclyExposedBecause).toBe('reachability-finding')
    desk.ports.nudges.sent.length = 0
    await desk.assess(9)
    expect(desk.ports.nudges.sent).toEqual([])
    await desk.putFinding(reachability('closed'))
    await desk.assess(9)
    expect(desk.ports.nudges.sent.map(({ message }) => message)).toEqual([{ findingId: id(1) }])
    await desk.assess()
    expect((await desk.assessmentOf())?.facts.publiclyExposedBecause).toBe('service-internal')
  })
})
