import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPolicyAgainstCatalogue } from '../../../functions/catalogue/check-policy.ts'
import { loadCatalogue, loadPolicy } from '../../../functions/catalogue/load.ts'
import type { Policy } from '../../../functions/catalogue/policy.ts'
import { findCycle } from '../../../functions/kit/graph.ts'

const read = (path: string) => readFileSync(new URL(`../../../policy/${path}`, import.meta.url), 'utf8')
const catalogue = read('catalogue.example.yaml')
const policy = read('policy.yaml')
const problemsOf = (text: string) => {
  const loaded = loadCatalogue(text)
  return 'problems' in loaded ? loaded.problems : []
}
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

describe('1.6 loadCatalogue', () => {
  it.each([
    ["'80'", '"80" is neither a number of hosts (4) nor a share in quotes ("80%")'],
    ['-1', '-1 is neither'],
    ['101%', '"101%" is neither'],
    ['1.5', '1.5 is neither'],
    ['', 'null is neither'],
  ])('B45 refuses minimumHealthy: %s, and says what it must be, with the line', (value, message) => {
    const text = catalogue.replace("minimumHealthy: '80%'", `minimumHealthy: ${value}`)
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({
        line: lineOf(text, 'minimumHealthy:'),
        path: 'services.0.minimumHealthy',
        message: expect.stringContaining(message),
      }),
    ])
  })

  it('6.3 refuses a canary that nothing can judge, with the line', () => {
    const text = catalogue
      .replace(/ {4}probes:\n( {6}.*\n)+/, '')
      .replace(/ {6}metrics:\n( {8}.*\n)+/, '')
      .replace('rollbackCriteria:\n', 'rollbackCriteria:\n      probeFailuresMax: 0\n')
      .replace(/probeFailuresMax: 0\n +probeFailuresMax: \d+/, 'probeFailuresMax: 0')
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({
        line: lineOf(text, 'isCanary: true'),
        path: 'services.0.rings.2.isCanary',
        message: expect.stringContaining('could never be judged'),
      }),
    ])
    expect(problemsOf(catalogue)).toEqual([])
  })

  it.each([
    ['an unknown key of one letter more', 'ownerr: olivia', 'owner: olivia', 'owner'],
    ['an unknown key in a ring', 'soakSecond: 3600', 'soakSeconds: 3600', 'soakSeconds'],
    ['an unknown key in a list of the top', 'freezs:', 'freezes:', 'freezes'],
  ])('B45 says what was meant by %s', (_, wrong, right, didYouMean) => {
    const text = catalogue.replace(right, wrong)
    expect(problemsOf(text)).toContainEqual(expect.objectContaining({ line: lineOf(text, wrong), didYouMean }))
  })

  it.each([
    [
      'two services of one name',
      catalogue.replace(/ {2}- name: shop[\s\S]*?(?=freezes:)/, (one) => one + one),
      'service "shop" is declared twice',
    ],
    ['two people of one id', catalogue.replace('id: sven', 'id: stella'), 'this id is used twice'],
    [
      'B30 two people of one address',
      catalogue.replace('sven@example.com', 'STELLA@example.com'),
      'this address is used twice',
    ],
    [
      'B30 an alias that is the address of another',
      catalogue.replace('email: sven@example.com,', 'email: sven@example.com, aliases: [stella@example.com],'),
      'this address is used twice',
    ],
    [
      '2.4 a person of the name of the author of rollback plans',
      catalogue.replace('id: sven', 'id: drydock'),
      'Drydock itself',
    ],
    [
      'two rings on one stage',
      catalogue.replace('name: staging, stage: staging', 'name: staging, stage: dev'),
      'patched twice',
    ],
    ['two rings of one name', catalogue.replace('name: staging, stage', 'name: dev, stage'), 'ring is declared twice'],
    ['B40 minimum healthy 100 % in a zone', catalogue.replace('PerZone: 1', "PerZone: '100%'"), 'no patch could ever'],
    ['B39 a window of no length', catalogue.replace('durationMinutes: 360', 'durationMinutes: 0'), '>=1'],
    [
      'B39 a freeze without an offset',
      catalogue.replace('2026-12-20T00:00:00+01:00', '2026-12-20'),
      'is not an instant',
    ],
    [
      'an unknown service in a freeze',
      catalogue.replace('- name: year-end', '- name: year-end\n    services: [shp]'),
      'no service "shp"',
    ],
    [
      'a host in conflict with itself',
      `${catalogue}conflicts:\n  - [i-0123456789abcdef0, i-0123456789abcdef0]\n`,
      'itself',
    ],
    [
      'B38 a calendar that repeats every second',
      withIcs('RRULE:FREQ=SECONDLY'),
      'more often than daily (SECONDLY) in line 7 of it',
    ],
    [
      'an unknown service in a calendar',
      withIcs('SUMMARY:x').replace('ops', 'ops, services: [nope]'),
      'no service "nope"',
    ],
    ['B19 nesting deeper than any catalogue', '['.repeat(20_000), 'line'],
    ['aliases that unfold without end', bomb(), 'alias'],
    ['B11 a key of the prototype', `${catalogue}__proto__: { services: [] }\n`, 'unknown key'],
    ['an empty file', '', 'expected object'],
    ['two documents', `${catalogue}---\n${catalogue}`, 'multiple documents'],
    ['a key used twice', catalogue.replace('tier:', 'title: Other\n    tier:'), 'unique'],
    ['a file that is too large', `# ${'x'.repeat(5_000_001)}`, 'are read'],
  ])('refuses %s', (_, text, message) => {
    const problems = problemsOf(text)
    expect(problems.length).toBeGreaterThan(0)
    expect(`${problems.map((one) => one.message)} line ${problems[0]?.line}`).toContain(message)
  })

  it('tells every mistake at once, in the order of the file', () => {
    const text = catalogue.replace('owner: olivia', 'owner: oliva').replace('dependsOn: []', 'dependsOn: [shap]')
    expect(problemsOf(text).map(({ path }) => path)).toEqual(['services.0.dependsOn.0', 'services.0.owner'])
  })
})

/** The example with a calendar of one event. */
function withIcs(line: string): string {
  const ics = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:x',
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTART;VALUE=DATE:20260101',
    line,
  ]
  const indented = [...ics, 'END:VEVENT', 'END:VCALENDAR'].map((one) => `      ${one}\n`).join('')
  return `${catalogue}calendars:\n  - { name: ops, ics: "" }\n`.replace(
    '- { name: ops, ics: "" }',
    `-\n    { name: ops,\n    ics: ${JSON.stringify(indented.replaceAll('      ', ''))} }`,
  )
}

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_, index) =>
    index === 0
      ? 'a0: &a0 [x, x]'
      : `a${index}: &a${index} [*a${index - 1}, *a${index - 1}, *a${index - 1}, *a${index - 1}]`,
  )
  return `${levels.join('\n')}\n`
}

describe('findCycle', () => {
  it.each([
    ['none', { a: ['b', 'c'], b: ['c'], c: [] }, undefined],
    ['a service on itself', { a: ['a'] }, ['a', 'a']],
    ['a circle behind a tail', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, ['b', 'c', 'd', 'b']],
    ['an unknown name', { a: ['nobody'] }, undefined],
  ])('finds %s', (_, graph, cycle) => {
    expect(findCycle(new Map(Object.entries(graph)))).toEqual(cycle)
  })

  it('walks a chain of 100,000 services', () => {
    const chain = Array.from({ length: 100_000 }, (_, index): [string, string[]] => [`s${index}`, [`s${index + 1}`]])
    expect(findCycle(new Map(chain))).toBeUndefined()
  })
})

describe('11.3 checkPolicyAgainstCatalogue', () => {
  const loaded = loadCatalogue(catalogue)
  const rules = loadPolicy(policy)
  if ('problems' in loaded || 'problems' in rules) throw new Error('the examples do not load')
  const check = (roles: Policy['approvals']['normal']['roles'], people = loaded.value.people) => {
    const normal = { ...rules.value.approvals.normal, roles }
    return checkPolicyAgainstCatalogue(
      { ...rules.value, approvals: { ...rules.value.approvals, normal } },
      { ...loaded.value, people },
    )
  }

  it('refuses a quorum of more people than there are, because nobody counts twice', () => {
    expect(check(['security', 'security'])).toMatchObject([
      { path: 'approvals.normal', message: expect.stringContaining('nobody counts twice') },
    ])
  })

  it('gives roles to people so that all are filled where that is possible', () => {
    const people = loaded.value.people.map((person) =>
      person.id === 'sven' ? { ...person, roles: ['security' as const, 'change-manager' as const] } : person,
    )
    expect(check(['change-manager', 'security'], people)).toEqual([])
  })

  it('refuses an escalation that never comes', () => {
    const late = loadPolicy(policy.replace('escalateAfterSeconds: 7200', 'escalateAfterSeconds: 99999'))
    expect(late).toMatchObject({
      problems: [{ path: 'approvals.emergency.escalateAfterSeconds', line: lineOf(policy, '  emergency:') }],
    })
  })

  it('refuses a reminder that comes no earlier than the escalation', () => {
    const late = loadPolicy(policy.replace('remindAfterSeconds: 3600', 'remindAfterSeconds: 7200'))
    expect(late).toMatchObject({
      problems: [{ path: 'approvals.emergency.remindAfterSeconds', line: lineOf(policy, '  emergency:') }],
    })
  })

  it('B45 says what was meant by an unknown key of the policy', () => {
    expect(loadPolicy(policy.replace('looksMax', 'lookMax'))).toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ line: lineOf(policy, 'looksMax'), didYouMean: 'looksMax' }),
      ]),
    })
  })
})
