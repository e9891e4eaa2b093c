import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Change, ChangeState } from '../../../functions/changes/change.ts'
import { heldEvent } from '../../../functions/changes/hold.ts'
import {
  type ChangeEvent,
  changeEvidence,
  changeMove,
  isStricter,
  moveChange,
  strictest,
  terminalStates,
} from '../../../functions/changes/reducer.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { anyChange, at } from './any-change.ts'

const joined: ChangeEvent = {
  type: 'finding-joined',
  findingId: 'F0000000000000000000000002',
  vulnerabilityIds: ['CVE-2024-1'],
  packages: [{ name: 'curl', fixedVersion: '8' }],
  dueAt: '2026-01-03T00:00:00.000Z',
  priority: 90,
  reasons: ['worse'],
  needsForensicTriage: false,
  class: 'emergency',
}
const reassessed: ChangeEvent = {
  type: 'reassessed',
  findingId: 'F0000000000000000000000001',
  dueAt: '2026-01-03T00:00:00.000Z',
  priority: 90,
  reasons: ['in KEV since today'],
  needsForensicTriage: true,
  class: 'emergency',
}
const held = heldEvent([
  { gate: 'calendar', because: 'freeze', endedBy: { kind: 'time', at: '2026-02-01T00:00:00.000Z' } },
])
const events: readonly ChangeEvent[] = [
  joined,
  reassessed,
  { type: 'assessed' },
  { type: 'deferred', until: '2026-02-01T00:00:00.000Z', because: 'no due date' },
  { type: 'planned', planHash: 'a'.repeat(64) },
  { type: 'review-opened' },
  { type: 'approval-asked' },
  { type: 'approved' },
  { type: 'rejected', because: 'no' },
  { type: 'expired' },
  { type: 'scheduled' },
  { type: 'ring-opened', ring: 'dev' },
  { type: 'ring-deployed', ring: 'dev', quarantined: [] },
  { type: 'ring-validated', ring: 'dev' },
  held,
  { type: 'released' },
  { type: 'replanned', because: 'documents changed' },
  { type: 'rolled-back', because: 'worse', quarantined: [] },
  { type: 'closed', outcome: 'proven' },
  { type: 'cancelled', because: 'no need' },
  { type: 'superseded', by: '01J00000000000000000000002' },
]

/** Each event by hand, as docs/changes.md has it: the states it moves from, and the state it leads to. */
const moves: { readonly [Type in ChangeEvent['type']]: readonly [from: string, to: string] } = {
  'finding-joined': ['draft, assessed', 'same'],
  reassessed: [
    'draft, assessed, planned, in-review, awaiting-approval, approved, scheduled, in-progress, validating, held',
    'same',
  ],
  assessed: ['draft', 'assessed'],
  deferred: ['assessed', 'same'],
  planned: ['assessed, planned, in-review, awaiting-approval, approved, scheduled', 'planned'],
  'review-opened': ['planned', 'in-review'],
  'approval-asked': ['in-review', 'awaiting-approval'],
  approved: ['awaiting-approval', 'approved'],
  rejected: ['in-review, awaiting-approval', 'rejected'],
  expired: ['awaiting-approval', 'expired'],
  scheduled: ['approved', 'scheduled'],
  'ring-opened': ['scheduled, validating, in-progress', 'in-progress'],
  'ring-deployed': ['in-progress', 'validating'],
  'ring-validated': ['validating', 'validating'],
  held: ['assessed, planned, in-review, approved, scheduled, in-progress, validating', 'held'],
  released: ['held', 'the state it was held from'],
  replanned: ['draft, planned, in-review, approved, scheduled, held', 'assessed'],
  'rolled-back': ['in-progress, validating, held', 'rolled-back'],
  closed: ['validating', 'closed'],
  cancelled: ['draft, assessed, planned, in-review, awaiting-approval, approved, scheduled, held', 'cancelled'],
  superseded: ['draft, assessed, planned, in-review, awaiting-approval, approved, scheduled, held', 'superseded'],
}
/** What docs/changes.md says in words. */
const worded: ReadonlyMap<string, string> = new Map([
  ['every state that is not final', moves.reassessed[0]],
  ['any state before in-progress, and held', moves.cancelled[0]],
])

describe('11.3 moveChange', () => {
  it.each(ChangeState.options)('I7 moves from %s by the events that the docs name, to the state they name', (state) => {
    const moved = events.flatMap((event) => {
      const result = moveChange(anyChange({ state, heldFrom: 'scheduled' }), event, at)
      return 'change' in result ? [`${event.type}: ${result.change.state}`] : []
    })
    const named = events.flatMap(({ type }) => {
      const [from, to] = moves[type]
      const next = to === 'same' ? state : to === 'the state it was held from' ? 'scheduled' : to
      return from.split(', ').includes(state) ? [`${type}: ${next}`] : []
    })
    expect(moved).toEqual(named)
  })

  it('is tried with every event, and the docs have each with its states', () => {
    expect(events.map(({ type }) => type)).toEqual(Object.keys(moves))
    const text = readFileSync(new URL('../../../docs/changes.md', import.meta.url), 'utf8')
    const rows = [...text.matchAll(/^\| ([a-z-]+) \| ([^|]+) \| ([^|(]+)/gmu)].filter(
      ([, event = '']) => event in moves,
    )
    expect(rows.map(([, event, from = '', to = '']) => [event, worded.get(from) ?? from, to.trim()])).toEqual(
      Object.entries(moves).map(([event, [from, to]]) => [event, from, to]),
    )
  })

  it('a change held from nowhere known goes back to where it is planned anew', () => {
    expect(moveChange(anyChange({ state: 'held' }), { type: 'released' }, at)).toHaveProperty(
      'change.state',
      'assessed',
    )
  })

  it('I7 leaves no terminal state by any sequence of events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (sequence) => {
        let change = anyChange({ state: 'draft' })
        for (const event of sequence) {
          const result = moveChange(change, event, at)
          if (terminalStates.includes(change.state)) expect(result).toHaveProperty('refused')
          if ('change' in result) change = result.change
        }
      }),
    )
  })

  it('joins a finding once, takes the earlier due date and the higher priority, and makes an emergency of it', () => {
    const once = moveChange(anyChange({ dueAt: '2026-01-09T00:00:00.000Z' }), joined, at)
    if ('refused' in once) throw new Error('refused')
    const twice = moveChange(once.change, joined, at)
    expect(twice).toEqual(once)
    expect(once.change).toMatchObject({
      dueAt: '2026-01-03T00:00:00.000Z',
      priority: 90,
      class: 'emergency',
      reasons: ['worse'],
    })
    expect(once.change.vulnerabilityIds).toEqual(['CVE-2024-29069', 'CVE-2024-1'])
    expect(once.change.packages).toHaveLength(2)
  })

  it.each(ChangeState.options.filter((state) => !terminalStates.includes(state)))(
    '3.6 is reassessed in state %s, stays there with everything that it waits for, and is so once',
    (state) => {
      const hold = state === 'held' ? ({ heldFrom: 'approved', heldBecause: 'freeze', heldUntil: at } as const) : {}
      const change = anyChange({ state, planHash: 'a'.repeat(64), ...hold })
      const later = '2026-01-09T00:00:00.000Z'
      const once = moveChange(change, reassessed, later)
      if ('refused' in once) throw new Error('refused')
      const { type, findingId, ...urgency } = reassessed
      expect(once.change).toEqual({ ...change, ...urgency, reassessedAt: later })
      expect(moveChange(once.change, reassessed, '2026-01-10T00:00:00.000Z')).toEqual(once)
    },
  )

  it('returns a released change to the state it was held from, with no trace of the hold', () => {
    const after = moveChange(anyChange({ state: 'approved' }), held, at)
    if ('refused' in after) throw new Error('refused')
    expect(after.change).toMatchObject({
      state: 'held',
      heldFrom: 'approved',
      heldBecause: 'freeze',
      heldUntil: '2026-02-01T00:00:00.000Z',
      heldFor: held.heldFor,
    })
    const released = moveChange(after.change, { type: 'released' }, at)
    expect(released).toEqual({ change: anyChange({ state: 'approved' }) })
  })
})

const later = '2026-01-09T00:00:00.000Z'
/** A change with everything that an event may add to or must leave alone. */
const anyWorn = (state: ChangeState): Change =>
  anyChange({
    state,
    planHash: 'b'.repeat(64),
    ring: 'dev',
    ringsDone: ['dev'],
    quarantined: [{ hostId: 'i-1', reason: 'lost' }],
    dueAt: '2026-01-05T00:00:00.000Z',
  })
const hurt = { hostId: 'i-2', reason: 'failed twice' }

describe('11.3 what each event writes, and nothing else', () => {
  it.each<[string, ChangeEvent, ChangeState, ChangeState, Partial<Change>]>([
    [
      'planned: the hash of the plan',
      { type: 'planned', planHash: 'c'.repeat(64) },
      'approved',
      'planned',
      { planHash: 'c'.repeat(64) },
    ],
    [
      'ring-opened: the ring in work',
      { type: 'ring-opened', ring: 'canary' },
      'scheduled',
      'in-progress',
      { ring: 'canary' },
    ],
    [
      'ring-deployed: further hosts in quarantine, after those of before',
      { type: 'ring-deployed', ring: 'dev', quarantined: [hurt] },
      'in-progress',
      'validating',
      { quarantined: [{ hostId: 'i-1', reason: 'lost' }, hurt] },
    ],
    [
      'ring-validated: the ring, after those of before',
      { type: 'ring-validated', ring: 'canary' },
      'validating',
      'validating',
      { ringsDone: ['dev', 'canary'] },
    ],
    [
      'ring-validated twice: the ring once',
      { type: 'ring-validated', ring: 'dev' },
      'validating',
      'validating',
      { ringsDone: ['dev'] },
    ],
    [
      'rolled-back: why, and further hosts in quarantine',
      { type: 'rolled-back', because: 'errors up', quarantined: [hurt] },
      'validating',
      'rolled-back',
      { outcome: 'errors up', quarantined: [{ hostId: 'i-1', reason: 'lost' }, hurt] },
    ],
    ['rejected: why', { type: 'rejected', because: 'not today' }, 'in-review', 'rejected', { outcome: 'not today' }],
    ['cancelled: why', { type: 'cancelled', because: 'no need' }, 'planned', 'cancelled', { outcome: 'no need' }],
    ['closed: the outcome', { type: 'closed', outcome: 'proven' }, 'validating', 'closed', { outcome: 'proven' }],
    [
      'superseded: by which',
      { type: 'superseded', by: 'X' },
      'approved',
      'superseded',
      { outcome: 'superseded by X', supersededBy: 'X' },
    ],
    ['approved: its state alone', { type: 'approved' }, 'awaiting-approval', 'approved', {}],
    ['expired: its state alone', { type: 'expired' }, 'awaiting-approval', 'expired', {}],
  ])('%s', (_, event, from, to, details) => {
    expect(moveChange(anyWorn(from), event, later)).toEqual({
      change: { ...anyWorn(from), state: to, updatedAt: later, ...details },
    })
  })

  it('a hold without a known end has none in its record', () => {
    const open = heldEvent([{ gate: 'stop', because: 'stopped', endedBy: { kind: 'person', role: 'operations' } }])
    const moved = moveChange(anyWorn('approved'), open, later)
    if ('refused' in moved) throw new Error('refused')
    expect(moved.change).toMatchObject({ heldBecause: 'stopped', heldFor: open.heldFor })
    expect(moved.change).not.toHaveProperty('heldUntil')
  })

  it('a refusal names the state and the event', () => {
    expect(moveChange(anyWorn('closed'), { type: 'released' }, later)).toEqual({
      refused: 'illegal-move',
      from: 'closed',
      event: 'released',
    })
  })
})

describe('11.3 which finding gives the reasons', () => {
  const join = (priority: number, known: Partial<Change> = {}) => {
    const moved = moveChange(anyChange({ priority: 50, ...known }), { ...joined, priority }, at)
    return 'change' in moved ? moved.change : undefined
  }

  it.each([
    [51, ['worse']],
    [50, ['because']],
    [49, ['because']],
  ])('one of priority %d beside 50', (priority, reasons) => expect(join(priority)?.reasons).toEqual(reasons))

  it('a package is taken in once in each version, and names and versions are not run together', () => {
    const packages = [
      { name: 'curl', fixedVersion: '8' },
      { name: 'curl', fixedVersion: '7' },
    ]
    expect(join(60, { packages })?.packages).toEqual(packages)
    expect(join(60, { packages: packages.slice(1) })?.packages).toEqual([packages[1], packages[0]])
  })

  it.each([
    [50, undefined],
    [51, true],
  ])('of %d vulnerabilities fifty are named; that there are more is said: %s', (count, hasMore) => {
    const vulnerabilityIds = Array.from({ length: count }, (_, index) => `CVE-2024-${1000 + index}`)
    const moved = moveChange(anyChange({ vulnerabilityIds: [] }), { ...joined, vulnerabilityIds }, at)
    if ('refused' in moved) throw new Error('refused')
    expect(moved.change.vulnerabilityIds).toEqual(vulnerabilityIds.slice(0, 50))
    expect(moved.change.hasMoreVulnerabilities).toBe(hasMore)
  })

  it('there is no due date where neither has one', () => {
    const { dueAt: _, ...undated } = joined
    const moved = moveChange(anyChange(), undated, at)
    expect(moved).toHaveProperty('change.priority', 90)
    expect(moved).not.toHaveProperty('change.dueAt')
  })

  it('a vulnerability is named once', () => {
    expect(join(60, { vulnerabilityIds: ['CVE-2024-1', 'CVE-2024-2'] })?.vulnerabilityIds).toEqual([
      'CVE-2024-1',
      'CVE-2024-2',
    ])
  })
})

describe('3.6 strictest', () => {
  const anyUrgency = (over: object = {}) =>
    ({ priority: 50, needsForensicTriage: false, class: 'normal', ...over }) as const
  const [soon, late] = [{ dueAt: '2026-01-03T00:00:00.000Z' }, { dueAt: '2026-01-09T00:00:00.000Z' }]

  it.each([
    ['the earlier of two due dates', late, soon, soon],
    ['the earlier whichever comes first', soon, late, soon],
    ['a due date rather than none', {}, late, late],
    ['a due date that stood rather than none', late, {}, late],
    ['the higher priority', { priority: 10 }, { priority: 11 }, { priority: 11 }],
    ['triage where either asks for it', {}, { needsForensicTriage: true }, { needsForensicTriage: true }],
    ['the stricter class', { class: 'standard' }, { class: 'normal' }, { class: 'normal' }],
    ['the stricter class that stood', { class: 'emergency' }, { class: 'standard' }, { class: 'emergency' }],
  ] as const)('takes %s', (_, change, other, both) => {
    expect(strictest(anyUrgency(change), anyUrgency(other))).toEqual(anyUrgency(both))
  })

  it('has no due date where neither has one', () => {
    expect(strictest(anyUrgency(), anyUrgency())).not.toHaveProperty('dueAt')
  })

  it.each([
    ['an earlier due date', soon, late, true],
    ['a later due date', late, soon, false],
    ['a due date where none was', late, {}, true],
    ['a higher priority', { priority: 51 }, {}, true],
    ['a lower priority', { priority: 49 }, {}, false],
    ['triage', { needsForensicTriage: true }, {}, true],
    ['no triage', {}, { needsForensicTriage: true }, false],
    ['a stricter class', { class: 'emergency' }, {}, true],
    ['a milder class', { class: 'standard' }, {}, false],
    ['the same', {}, {}, false],
  ] as const)('%s asks for more: %s', (_, other, change, isMore) => {
    expect(isStricter(anyUrgency(other), anyUrgency(change))).toBe(isMore)
  })

  it('a change that is reassessed no more strictly is the very same', () => {
    const { type, findingId, reasons, ...urgency } = reassessed
    const strict = anyChange(urgency)
    expect(moveChange(strict, reassessed, later)).toEqual({ change: strict })
  })
})

describe('11.3 how a change is written', () => {
  it.each(ChangeState.options)('in state %s it is listed as open or as ended', (state) => {
    const change = anyChange({ state })
    const end = terminalStates.includes(state) ? 'ended' : 'open'
    expect(changeMove(undefined, change)).toEqual({
      kind: 'change',
      key: keys.change(change.changeId),
      from: 0,
      value: change,
      list: { pk: lists.changes, sk: `${end}#${change.changeId}` },
    })
  })

  it('over the version that was read', () => {
    const change = anyChange()
    const read = { key: keys.change(change.changeId), version: 7, value: change }
    expect(changeMove(read, change).from).toBe(7)
  })

  const by = { leafId: '1', at: later, account: '123456789012', actor: 'chloe' }

  it('its evidence names event, state and service', () => {
    const change = anyChange({ state: 'held' })
    expect(changeEvidence(change, joined, by)).toEqual({
      ...by,
      type: 'change.finding-joined',
      changeId: change.changeId,
      body: { event: joined, state: 'held', service: 'web' },
    })
  })

  it.each(ChangeState.options)(
    'its evidence in state %s is the last of the change where the state is final',
    (state) => {
      const isLast = changeEvidence(anyChange({ state }), { type: 'released' }, by).closes === true
      expect(isLast).toBe(['closed', 'rolled-back', 'rejected', 'expired', 'cancelled', 'superseded'].includes(state))
    },
  )
})
