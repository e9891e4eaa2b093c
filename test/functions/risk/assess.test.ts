import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { assess } from '../../../functions/risk/assess.ts'
import { Assessment, type CveFacts, RiskFacts } from '../../../functions/risk/assessment.ts'
import { clockDays } from '../../../functions/risk/clocks.ts'
import { replay } from '../../../functions/risk/replay.ts'
import { officialTables } from '../../../functions/risk/tables.ts'
import { anyFacts, anyRiskPolicy, sha256 } from './any-facts.ts'

const decide = (facts: RiskFacts, over: Parameters<typeof anyRiskPolicy>[0] = {}) =>
  assess('F0123456789abcdef012345678', facts, anyRiskPolicy(over), sha256)
const daysOf = (facts: RiskFacts, over: Parameters<typeof anyRiskPolicy>[0] = {}) =>
  clockDays(facts, decide(facts, over).winner)

describe('3.1 BOD 26-04', () => {
  const yes = (value: string | undefined) => value === 'yes'
  it.each(officialTables['cisa-bod-26-04'].rows)(
    'row $row ($values) decides "$outcome"',
    ({ row, values, outcome }) => {
      const [inKev, exposed, automatable, technicalImpact] = values
      const facts = RiskFacts.parse({
        ...anyFacts(),
        inKev: yes(inKev),
        publiclyExposed: yes(exposed),
        automatable,
        technicalImpact,
      })
      const days = /^\d+/.exec(outcome)?.[0]
      const { winner } = decide(facts)
      expect(winner).toMatchObject({ row, decision: outcome, needsForensicTriage: outcome.includes('forensic') })
      expect(clockDays(facts, winner)).toBe(days === undefined ? undefined : Number(days))
    },
  )

  it.each([
    ['KEV listing before detection', '2026-09-20', '2026-10-04T00:00:00.000Z'],
    ['detection before KEV listing', '2026-10-05', '2026-10-15T08:00:00.000Z'],
    ['detection on the day of listing', '2026-10-01', '2026-10-15T00:00:00.000Z'],
  ])('the clock starts at the earlier: %s', (_, kevDateAdded, dueAt) => {
    expect(decide(anyFacts({ inKev: true, kevDateAdded })).winner.dueAt).toBe(dueAt)
  })

  it('days are calendar days, over weekends and the change of daylight saving time', () => {
    const facts = anyFacts({ automatable: 'yes', technicalImpact: 'total', detectedAt: '2026-10-23T22:30:00.000Z' })
    expect(decide(facts).winner.dueAt).toBe('2026-10-26T22:30:00.000Z')
  })

  const missing = { automatable: 'missing', technicalImpact: 'missing' } as const

  it('I20 a CVE in KEV with missing values is taken as automatable with total impact, and says so', () => {
    const { winner, reasons } = decide(anyFacts({ ...missing, inKev: true, publiclyExposed: false }))
    expect(winner).toMatchObject({ row: 13, needsForensicTriage: true })
    expect(reasons[0]).toContain('automatable and technical impact missing, taken as yes and total')
  })

  it('missing values of another CVE mean sixty days by the switch, with no row', () => {
    const facts = anyFacts(missing)
    const { winner } = decide(facts)
    expect(clockDays(facts, winner)).toBe(60)
    expect(winner).not.toHaveProperty('row')
    expect(winner.decision).toContain('sixty-days')
  })

  it('missing values of another CVE mean not automatable and total impact by the other switch', () => {
    const facts = anyFacts(missing)
    const { winner } = decide(facts, { missingVulnrichment: 'not-automatable-total-impact' })
    expect([winner.row, clockDays(facts, winner)]).toEqual([9, 14])
  })

  it.each([
    ['total impact known, exposed', { automatable: 'missing', technicalImpact: 'total' } as const, true, 14],
    ['automatable known, exposed', { automatable: 'yes', technicalImpact: 'missing' } as const, true, 3],
    ['partial impact known, exposed', { automatable: 'missing', technicalImpact: 'partial' } as const, true, 60],
    ['partial impact known, internal', { automatable: 'missing', technicalImpact: 'partial' } as const, false, 60],
  ])('I20 one known value makes the sixty days shorter and never longer: %s', (_, values, publiclyExposed, days) => {
    expect(daysOf(anyFacts({ ...values, publiclyExposed }))).toBe(days)
  })

  it('KEV forensicTriage asks for triage where the row does not', () => {
    const facts = anyFacts({ inKev: true, publiclyExposed: false, kevForensicTriage: true })
    expect(decide(facts).winner).toMatchObject({ decision: '14 days', needsForensicTriage: true })
  })
})

describe('3.1 SSVC', () => {
  it.each([
    ['ssvc-deployer', { exploitation: 'active', automatable: 'yes', tier: 'mission-critical' }, 'immediate', 2],
    ['ssvc-deployer', { exploitation: 'poc', automatable: 'yes', tier: 'business-essential' }, 'out-of-cycle', 14],
    ['ssvc-deployer', { publiclyExposed: false, tier: 'non-essential' }, 'defer', undefined],
    ['cisa-coordinator', { exploitation: 'active', technicalImpact: 'total', tier: 'mission-critical' }, 'act', 7],
    ['cisa-coordinator', { exploitation: 'poc', technicalImpact: 'total' }, 'track*', 60],
    ['cisa-coordinator', { tier: 'non-essential' }, 'track', undefined],
  ] as const)('%s of %o is "%s"', (table, over, decision, days) => {
    const facts = anyFacts(over)
    const { winner } = decide(facts, { tables: [table] })
    expect(winner).toMatchObject({ table, decision })
    expect(clockDays(facts, winner)).toBe(days)
  })

  it('what KEV lists is exploited, whatever the facts say of exploitation', () => {
    const { winner } = decide(anyFacts({ inKev: true, tier: 'mission-critical' }), { tables: ['cisa-coordinator'] })
    expect(winner.decision).toBe('attend')
  })

  it('days of a fraction make a due date', () => {
    const ssvcDays = { ...anyRiskPolicy().ssvcDays, immediate: 0.1 }
    const facts = anyFacts({ exploitation: 'active', automatable: 'yes', tier: 'mission-critical' })
    expect(decide(facts, { tables: ['ssvc-deployer'], ssvcDays }).winner.dueAt).toBe('2026-10-01T10:24:00.000Z')
  })
})

describe('3.1 11.1 assess', () => {
  const all = { tables: ['cisa-coordinator', 'ssvc-deployer', 'cisa-bod-26-04'] as const }
  const policy = { tables: [...all.tables] }

  it('the strictest clock wins and the others are shown, those without a date last', () => {
    const facts = anyFacts({ automatable: 'yes', technicalImpact: 'total', tier: 'non-essential' })
    const { winner, losers, reasons } = decide(facts, policy)
    expect([winner, ...losers].map(({ table }) => table)).toEqual([
      'cisa-bod-26-04',
      'ssvc-deployer',
      'cisa-coordinator',
    ])
    expect(losers.at(-1)).not.toHaveProperty('dueAt')
    expect(reasons.at(-1)).toContain('cisa-coordinator would give no due date')
  })

  it('forensic triage that a losing table asks for is not lost', () => {
    const facts = anyFacts({ inKev: true, automatable: 'yes', technicalImpact: 'total', tier: 'mission-critical' })
    const { winner } = decide(facts, { tables: ['cisa-bod-26-04', 'ssvc-deployer'] })
    expect(winner).toMatchObject({ table: 'ssvc-deployer', needsForensicTriage: true })
  })

  it('says in words that exposure is unknown, that a KEV row vanished, that a vector was refused and a feed is old', () => {
    const { reasons } = decide(
      anyFacts({
        inKev: true,
        isKevVanished: true,
        kevDateAdded: '2026-09-01',
        publiclyExposedBecause: 'unknown-counts-as-exposed',
        cvssRefused: ['metric AV is missing'],
        staleFeeds: ['epss'],
      }),
    )
    for (const words of ['counts as exposed', 'lowers nothing', 'metric AV is missing', 'epss feed is older'])
      expect(reasons.some((reason) => reason.includes(words))).toBe(true)
  })

  const cve = (cveId: string, over: Partial<CveFacts> = {}): CveFacts => ({
    cveId,
    inKev: false,
    kevForensicTriage: false,
    automatable: 'no',
    technicalImpact: 'partial',
    exploitation: 'none',
    ...over,
  })
  const mild = cve('CVE-2024-10001')
  const listed = cve('CVE-2024-10002', { inKev: true, kevDateAdded: '2026-09-20', exploitation: 'active' })

  it.each([[[mild, listed]], [[listed, mild]]])('of several CVEs the strictest decides and is named: %j', (cves) => {
    const { winner, losers, reasons } = decide(anyFacts({ cves }))
    expect(winner).toMatchObject({ cveId: 'CVE-2024-10002', row: 5, dueAt: '2026-10-04T00:00:00.000Z' })
    expect(losers).toMatchObject([{ cveId: 'CVE-2024-10001', row: 2 }])
    expect(reasons.slice(1, 3)).toEqual([
      'CVE-2024-10002 decides, the strictest of 2 CVEs',
      'in CISA KEV since 2026-09-20',
    ])
  })

  it('facts of different CVEs never add up to a stricter row than any of them has', () => {
    const automatable = cve('CVE-2024-10003', { automatable: 'yes', technicalImpact: 'total' })
    const facts = anyFacts({ publiclyExposed: false, cves: [listed, automatable], inKev: true, automatable: 'yes' })
    expect(decide(facts).winner).toMatchObject({ cveId: 'CVE-2024-10002', row: 1, decision: '14 days' })
  })

  it('11.2 forensic triage that KEV asks for of any CVE is asked for of the finding', () => {
    const { winner } = decide(anyFacts({ cves: [listed, { ...mild, kevForensicTriage: true }] }))
    expect(winner).toMatchObject({ cveId: 'CVE-2024-10002', needsForensicTriage: true })
  })

  it('at the same due date the CVE of higher priority is named, and the priority is the highest of all', () => {
    const likely = cve('CVE-2024-10009', { epss: 0.9 })
    const { winner, priority, reasons } = decide(anyFacts({ cves: [mild, likely] }))
    expect(winner.cveId).toBe('CVE-2024-10009')
    expect(priority).toBe(decide(anyFacts({ epss: 0.9 })).priority)
    expect(reasons).toContain('EPSS 90.0 % in 30 days')
  })

  it('of the 150 CVEs of an update the clocks of 20 are kept beside the one that decides', () => {
    const cves = Array.from({ length: 150 }, (_, index) => cve(`CVE-2024-${20_000 + index}`))
    expect(decide(anyFacts({ cves: [...cves, listed] })).losers).toHaveLength(20)
  })

  it('refuses a policy without tables', () => {
    expect(() => decide(anyFacts(), { tables: [] })).toThrow('DD1302')
  })

  it('the priority is 100 at worst, 0 at best, and rises with every single fact', () => {
    const best = anyFacts({ publiclyExposed: false, tier: 'non-essential' })
    const raised: Partial<RiskFacts>[] = [
      { inKev: true },
      { publiclyExposed: true },
      { exploitation: 'poc' },
      { exploitation: 'active' },
      { epss: 0.9 },
      { cvss: { version: '3.1', vector: '', score: 9.8 } },
      { tier: 'mission-critical' },
    ]
    expect(decide(best).priority).toBe(0)
    for (const over of raised) expect(decide({ ...best, ...over }).priority).toBeGreaterThan(0)
    const worst = Object.assign(anyFacts({ automatable: 'yes', technicalImpact: 'total' }), {
      ...raised[0],
      tier: 'mission-critical',
      epss: 1,
      cvss: { version: '4.0', vector: '', score: 10 },
    })
    expect(decide(worst).priority).toBe(100)
  })

  const anyFactsEver = fc
    .record({
      inKev: fc.boolean(),
      kevDateAdded: fc.option(fc.constantFrom('2020-02-29', '2026-10-01', '2026-12-31'), { nil: undefined }),
      kevForensicTriage: fc.boolean(),
      publiclyExposed: fc.boolean(),
      automatable: fc.constantFrom('yes', 'no', 'missing'),
      technicalImpact: fc.constantFrom('partial', 'total', 'missing'),
      exploitation: fc.constantFrom('none', 'poc', 'active'),
      tier: fc.constantFrom('mission-critical', 'business-essential', 'non-essential'),
      epss: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      cves: fc.option(fc.subarray([mild, listed], { minLength: 2 }), { nil: undefined }),
    })
    .map((over) => RiskFacts.parse(JSON.parse(JSON.stringify({ ...anyFacts(), ...over }))))
  const anyPolicyEver = fc
    .record({
      tables: fc.subarray([...policy.tables], { minLength: 1 }),
      missingVulnrichment: fc.constantFrom('sixty-days' as const, 'not-automatable-total-impact' as const),
    })
    .map(anyRiskPolicy)

  it('I17 11.1 replaying what was stored gives the same bytes, and one fact changed gives others', () => {
    fc.assert(
      fc.property(anyFactsEver, anyPolicyEver, (facts, policyRisk) => {
        const assessment = assess('F0123456789abcdef012345678', facts, policyRisk, sha256)
        const stored = Assessment.parse(JSON.parse(canonicalJson(assessment)))
        expect(replay(stored, sha256)).toMatchObject({ same: true, expected: canonicalJson(assessment) })
        expect(replay({ ...stored, priority: (stored.priority + 1) % 101 }, sha256).same).toBe(false)
      }),
    )
  })

  it('no clock is later than the winner, and being listed in KEV or exposed never makes it later', () => {
    const due = (facts: RiskFacts, policyRisk: ReturnType<typeof anyRiskPolicy>) => {
      const { winner, losers } = assess('F0123456789abcdef012345678', facts, policyRisk, sha256)
      for (const { dueAt = '~' } of losers) expect(dueAt >= (winner.dueAt ?? '~')).toBe(true)
      return winner.dueAt ?? '~'
    }
    fc.assert(
      fc.property(anyFactsEver, anyPolicyEver, (facts, policyRisk) => {
        expect(due({ ...facts, inKev: true }, policyRisk) <= due({ ...facts, inKev: false }, policyRisk)).toBe(true)
        expect(
          due({ ...facts, publiclyExposed: true }, policyRisk) <= due({ ...facts, publiclyExposed: false }, policyRisk),
        ).toBe(true)
      }),
    )
  })

  it('a stored policy that cannot be read is not the same', () => {
    const stored = { ...decide(anyFacts()), policyRisk: { tables: ['own'] } }
    expect(replay(stored, sha256)).toMatchObject({ same: false, got: expect.stringContaining('cannot be read') })
  })
})
