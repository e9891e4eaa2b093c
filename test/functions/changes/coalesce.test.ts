import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Change, namedVulnerabilities } from '../../../functions/changes/change.ts'
import { type CoalesceInput, coalesce } from '../../../functions/changes/coalesce.ts'
import { installItemsMax } from '../../../functions/finding/text.ts'
import { assess } from '../../../functions/risk/assess.ts'
import type { RiskFacts } from '../../../functions/risk/assessment.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyFacts, anyRiskPolicy, sha256 } from '../risk/any-facts.ts'
import { anyPolicy, anyService } from '../validation/builders.ts'
import { anyChange } from './any-change.ts'

const policy = anyPolicy()
const finding = anyFinding()
const urgent: Partial<RiskFacts> = { automatable: 'yes', technicalImpact: 'total' }
const newChangeId = '01J0000000000000000000NEW1'
const decision = (over: Partial<RiskFacts> = {}) => assess(finding.findingId, anyFacts(over), anyRiskPolicy(), sha256)

const anyInput = (over: Partial<CoalesceInput> = {}): CoalesceInput => ({
  finding,
  assessment: decision(),
  service: anyService(),
  isWindows: false,
  open: undefined,
  policy,
  at: '2026-03-02T10:00:00.000Z',
  newChangeId,
  ...over,
})
const changeOf = (over: Partial<CoalesceInput> = {}) => {
  const result = coalesce(anyInput(over))
  if (!('change' in result)) throw new Error(result.unchanged)
  return result
}

describe('11.3 coalesce', () => {
  it('opens a change that Drydock requests, assessed, with what the finding needs', () => {
    const { change, events, outcome } = changeOf()
    expect(events.map(({ type }) => type)).toEqual(['finding-joined', 'assessed'])
    expect(outcome).toBe('opened')
    expect(change).toMatchObject({
      changeId: newChangeId,
      state: 'assessed',
      requester: 'drydock',
      service: 'web',
      patchSet: 'os-packages',
      vulnerabilityIds: ['CVE-2026-1111'],
      packages: [{ name: 'openssl', fixedVersion: '3.0.2-2' }],
    })
  })

  it('keeps the updates of Windows hosts in a change of their own, by their numbers', () => {
    const [entry] = finding.packages
    const packages = entry ? [{ ...entry, fixedVersion: 'KB5034127' }] : []
    expect(changeOf({ isWindows: true, finding: anyFinding({ packages }) }).change).toMatchObject({
      patchSet: 'windows-updates',
      packages: [{ name: 'KB5034127', fixedVersion: 'installed' }],
    })
  })

  const lambda = { type: 'lambda-function', id: 'f', tags: {} } as const
  const unfixed = [{ name: 'openssl', installedVersion: '1', manager: 'OS', isPatchable: true }]
  const language = [{ name: 'log4j', installedVersion: '1', fixedVersion: '2', manager: 'JAR', isPatchable: false }]
  it.each([
    ['closed', { finding: anyFinding({ status: 'closed' }) }, 'not-active'],
    ['suppressed', { finding: anyFinding({ status: 'suppressed' }) }, 'not-active'],
    ['routed elsewhere', { finding: anyFinding({ route: 'application-owner', resource: lambda }) }, 'not-patchable'],
    ['without a fixed version', { finding: anyFinding({ packages: unfixed }) }, 'no-fix'],
    ['without a package that a patch mends', { finding: anyFinding({ packages: language }) }, 'no-fix'],
    ['without packages', { finding: anyFinding({ packages: [] }) }, 'no-fix'],
    ['on Windows without the number of an update', { isWindows: true }, 'no-windows-update'],
    ['on a host that nobody claims', { service: undefined }, 'unassigned'],
  ])('a finding %s is shown and changes nothing', (_, over, unchanged) => {
    expect(coalesce(anyInput(over))).toEqual({ unchanged })
  })

  it('I16 opens the next change where the packages would be more than one command names', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `package-${index}`, fixedVersion: '2' }))
    const full = anyChange({ packages: named(installItemsMax) })
    expect(changeOf({ open: full })).toMatchObject({ outcome: 'opened', change: { changeId: newChangeId } })
    const roomy = anyChange({ packages: named(installItemsMax - 1) })
    expect(changeOf({ open: roomy })).toMatchObject({ outcome: 'joined', change: { changeId: roomy.changeId } })
    const same = anyChange({ packages: [...named(installItemsMax - 1), { name: 'openssl', fixedVersion: '1' }] })
    expect(changeOf({ open: same }).outcome).toBe('joined')
  })

  it.each(['draft', 'assessed'] as const)('joins the open change while it is in %s', (state) => {
    const open = anyChange({ state })
    const { change, events, outcome } = changeOf({ open })
    expect(outcome).toBe('joined')
    expect(events.map(({ type }) => type)).toEqual(['finding-joined'])
    expect(change).toMatchObject({
      changeId: open.changeId,
      state,
      vulnerabilityIds: [...open.vulnerabilityIds, 'CVE-2026-1111'],
    })
  })

  it.each([
    'planned',
    'in-review',
    'awaiting-approval',
    'approved',
    'scheduled',
    'in-progress',
    'validating',
    'held',
    'closed',
  ] as const)('leaves a change that is %s alone and opens the next', (state) => {
    expect(changeOf({ open: anyChange({ state }) })).toMatchObject({
      outcome: 'opened',
      change: { changeId: newChangeId },
    })
  })

  it('fifteen findings make one change', () => {
    let open: Change | undefined
    for (let number = 10; number < 25; number++) {
      const one = anyFinding({ findingId: `F${'0'.repeat(23)}${number}`, vulnerabilityId: `CVE-2026-${number}00` })
      open = changeOf({ finding: one, open }).change
    }
    expect(open?.changeId).toBe(newChangeId)
    expect([open?.vulnerabilityIds.length, open?.packages.length]).toEqual([15, 1])
  })

  it('a finding stays in the change that it is in, though another has become the open one', () => {
    const { winner, priority } = decision()
    const own = anyChange({
      changeId: '01J000000000000000000000WN',
      state: 'in-progress',
      priority,
      ...(winner.dueAt === undefined ? {} : { dueAt: winner.dueAt }),
    })
    expect(coalesce(anyInput({ own, open: anyChange() }))).toEqual({ unchanged: 'already-joined' })
  })

  it('11.3 leaves a change alone that already covers the finding, so that many can join at once', () => {
    const open = changeOf().change
    const joined = changeOf({ open, at: '2026-11-11T00:00:00.000Z' })
    expect(joined).toMatchObject({ outcome: 'joined', isCovered: true, events: [{ type: 'finding-joined' }] })
    expect(joined.change).toBe(open)
    const other = anyFinding({ vulnerabilityId: 'CVE-2026-2222' })
    expect(changeOf({ open, finding: other })).not.toHaveProperty('isCovered')
    expect(changeOf({ open, assessment: decision(urgent) })).not.toHaveProperty('isCovered')
  })

  it('11.3 moves a change of Windows updates for each finding: its plan is for the hosts that findings name', () => {
    const [entry] = finding.packages
    const windows = anyFinding({ packages: entry ? [{ ...entry, fixedVersion: 'KB5034127' }] : [] })
    const open = changeOf({ isWindows: true, finding: windows }).change
    expect(changeOf({ isWindows: true, finding: windows, open })).not.toHaveProperty('isCovered')
  })

  it('names 50 CVEs and says that there are more', () => {
    let open: Change | undefined
    for (let number = 10; number < 62; number++)
      open = changeOf({ finding: anyFinding({ vulnerabilityId: `CVE-2026-${number}00` }), open }).change
    expect(open?.vulnerabilityIds).toHaveLength(50)
    expect(open && namedVulnerabilities(open).at(-1)).toBe('and more')
  })

  it('a change that names 1,000 versions of packages has no room for more', () => {
    const packages = Array.from({ length: 1000 }, (_, index) => ({ name: 'linux', fixedVersion: `6.${index}` }))
    expect(changeOf({ open: anyChange({ packages: packages.slice(1) }) }).outcome).toBe('joined')
    expect(changeOf({ open: anyChange({ packages }) }).outcome).toBe('opened')
  })
})

describe('2.2 3.6 the class of a change', () => {
  it.each([
    ['due in three days', urgent, 'emergency'],
    ['due in fourteen days', { technicalImpact: 'total' }, 'normal'],
    ['without a due date', { publiclyExposed: false }, 'normal'],
    ['in need of forensic triage', { inKev: true, kevForensicTriage: true, publiclyExposed: false }, 'emergency'],
    ['overdue since long', { ...urgent, detectedAt: '2020-01-01T00:00:00.000Z' }, 'emergency'],
  ] as const)('is by the days that the table gives: %s', (_, facts, expected) => {
    expect(changeOf({ assessment: decision(facts) }).change.class).toBe(expected)
  })

  const planHash = 'a'.repeat(64)
  it.each(['planned', 'in-review', 'awaiting-approval', 'approved', 'scheduled', 'held'] as const)(
    'an emergency takes the place of the normal change that is %s and has a plan: other people vote on it',
    (state) => {
      const own = anyChange({ state, planHash, dueAt: '2026-12-01T00:00:00.000Z' })
      const { change, superseded, outcome } = changeOf({ open: own, own, assessment: decision(urgent) })
      expect(outcome).toBe('opened')
      expect(superseded?.change).toMatchObject({ state: 'superseded', supersededBy: newChangeId })
      expect(change).toMatchObject({ changeId: newChangeId, state: 'assessed', class: 'emergency' })
      expect(change.supersedes).toBe(own.changeId)
      expect(change.dueAt).toBe('2026-10-04T08:00:00.000Z')
      expect(change).not.toHaveProperty('planHash')
    },
  )

  it('takes its place also where another change has become the open one', () => {
    const own = anyChange({ changeId: '01J000000000000000000000WN', state: 'planned', planHash })
    const { change, superseded } = changeOf({ open: anyChange(), own, assessment: decision(urgent) })
    expect(superseded?.change.changeId).toBe(own.changeId)
    expect(change.supersedes).toBe(own.changeId)
  })

  it('an emergency takes the place of no emergency, so that it happens once', () => {
    const own = anyChange({ state: 'planned', class: 'emergency', priority: 100, planHash })
    const due = { ...own, dueAt: '2026-10-04T08:00:00.000Z' }
    expect(coalesce(anyInput({ open: due, own: due, assessment: decision(urgent) }))).toEqual({
      unchanged: 'already-joined',
    })
  })
})

describe('3.6 a finding whose change is open is decided anew', () => {
  const inChange = (over: Partial<Change> = {}) => anyChange({ priority: 10, ...over })

  it.each(['draft', 'assessed', 'held'] as const)(
    'makes an emergency of a change that is %s without a plan',
    (state) => {
      const { change, events, outcome } = changeOf({ own: inChange({ state }), assessment: decision(urgent) })
      expect(outcome).toBe('reassessed')
      expect(events).toMatchObject([{ type: 'reassessed', findingId: finding.findingId, class: 'emergency' }])
      expect(change).toMatchObject({ state, class: 'emergency', dueAt: '2026-10-04T08:00:00.000Z' })
    },
  )

  it.each(['in-progress', 'validating', 'held'] as const)(
    'a change that is %s with a ring in work goes on, more urgent, under the votes that it has',
    (state) => {
      const own = inChange({ state, planHash: 'a'.repeat(64), ring: 'canary' })
      const { change, superseded } = changeOf({ own, assessment: decision(urgent) })
      expect(superseded).toBeUndefined()
      expect(change).toMatchObject({ changeId: own.changeId, state, planHash: own.planHash, class: 'emergency' })
    },
  )

  it('I5 an approved change keeps its plan and votes where only the due date and the priority are stricter', () => {
    const own = inChange({ state: 'approved', planHash: 'a'.repeat(64), dueAt: '2026-12-01T00:00:00.000Z' })
    const { change, outcome } = changeOf({ own, assessment: decision({ technicalImpact: 'total' }) })
    expect(outcome).toBe('reassessed')
    expect(change).toMatchObject({ state: 'approved', planHash: own.planHash, dueAt: '2026-10-15T08:00:00.000Z' })
    expect(change.priority).toBeGreaterThan(own.priority)
  })

  it('never a later due date, a lower priority, a milder class or less triage by itself', () => {
    const strict = {
      dueAt: '2026-10-02T00:00:00.000Z',
      priority: 99,
      class: 'emergency',
      needsForensicTriage: true,
    } as const
    expect(coalesce(anyInput({ own: inChange(strict) }))).toEqual({ unchanged: 'already-joined' })
    const { change } = changeOf({ own: inChange({ ...strict, priority: 1 }) })
    expect(change).toMatchObject({ ...strict, priority: decision().priority })
  })

  it('asks for forensic triage as soon as KEV does', () => {
    const own = inChange({ class: 'emergency', priority: 100, dueAt: '2020-01-01T00:00:00.000Z' })
    const { change, events } = changeOf({ own, assessment: decision({ inKev: true, kevForensicTriage: true }) })
    expect(events).toMatchObject([{ type: 'reassessed', needsForensicTriage: true }])
    expect(change.needsForensicTriage).toBe(true)
  })
})

describe('11.3 a finding whose change has ended', () => {
  const ended = (over: Partial<Change>) =>
    anyChange({
      packages: [{ name: 'openssl', fixedVersion: '3.0.2-2' }],
      updatedAt: '2026-03-02T09:30:00.000Z',
      dueAt: '2026-10-15T00:00:00.000Z',
      ...over,
    })
  const seen = anyFinding({ updatedAt: '2026-03-03T09:00:00.000Z' })
  const newer = anyFinding({
    packages: [
      { name: 'openssl', installedVersion: '3.0.2-1', fixedVersion: '3.0.2-3', manager: 'OS', isPatchable: true },
    ],
  })

  it.each([
    ['closed, and no scan since', ended({ state: 'closed' }), {}, 'awaiting-scan'],
    ['rolled back, and no other version', ended({ state: 'rolled-back' }), { finding: seen }, 'rolled-back'],
    ['rejected, and nothing more urgent', ended({ state: 'rejected' }), { finding: seen }, 'declined'],
    ['cancelled, and nothing more urgent', ended({ state: 'cancelled' }), {}, 'declined'],
  ])('opens no other: %s', (_, own, over, unchanged) => {
    expect(coalesce(anyInput({ own, open: own, ...over }))).toEqual({ unchanged })
  })

  it.each([
    ['closed, and seen again since', ended({ state: 'closed' }), { finding: seen }],
    ['rolled back, and another version is out', ended({ state: 'rolled-back' }), { finding: newer }],
    ['rejected, and an emergency by now', ended({ state: 'rejected' }), { assessment: decision(urgent) }],
    [
      'cancelled, and due sooner by now',
      ended({ state: 'cancelled', class: 'emergency' }),
      { assessment: decision(urgent) },
    ],
    ['expired: nobody decided', ended({ state: 'expired' }), {}],
    ['superseded', ended({ state: 'superseded' }), {}],
  ])('opens another: %s', (_, own, over) => {
    expect(changeOf({ own, open: own, ...over })).toMatchObject({
      outcome: 'opened',
      change: { changeId: newChangeId },
    })
  })
})

describe('11.3 I7 coalesce, whatever comes', () => {
  it('never lowers class, due date or priority of a change, and joins a finding once', () => {
    const facts = fc.record({
      inKev: fc.boolean(),
      publiclyExposed: fc.boolean(),
      automatable: fc.constantFrom('yes' as const, 'no' as const, 'missing' as const),
      technicalImpact: fc.constantFrom('partial' as const, 'total' as const, 'missing' as const),
    })
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), facts), { maxLength: 12 })
    fc.assert(
      fc.property(steps, (steps) => {
        const owns = new Map<string, Change>()
        let open: Change | undefined
        for (const [index, [number, over]] of steps.entries()) {
          const findingId = `F${String(number).repeat(25)}`
          const own = owns.get(findingId)
          const result = coalesce({
            ...anyInput({ finding: anyFinding({ findingId }), assessment: decision(over), open }),
            newChangeId: `01J00000000000000000000${String(index).padStart(3, '0')}`,
            ...(own ? { own } : {}),
          })
          if (!('change' in result)) continue
          const { change } = result
          const before = result.superseded || result.outcome !== 'opened' ? open : undefined
          expect(change.priority).toBeGreaterThanOrEqual(before?.priority ?? 0)
          expect((change.dueAt ?? '~') <= (before?.dueAt ?? '~')).toBe(true)
          const isJoin = result.events.some(({ type }) => type === 'finding-joined')
          expect(isJoin).toBe(own === undefined || result.superseded !== undefined)
          if (before?.class === 'emergency') expect(change.class).toBe('emergency')
          open = change
          for (const [id, { changeId }] of owns)
            if (changeId === change.supersedes || changeId === change.changeId) owns.set(id, change)
          owns.set(findingId, change)
        }
      }),
    )
  })
})
