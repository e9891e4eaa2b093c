import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runVerb } from './run-verb.ts'

const directory = mkdtempSync(join(tmpdir(), 'drydock-plan-'))
const file = join(directory, 'problem.json')
afterAll(() => rmSync(directory, { recursive: true }))

function plan(text: string, ...words: readonly string[]) {
  writeFileSync(file, text)
  return runVerb('plan', '--problem', file, ...words)
}

const host = (id: string, durationSeconds: number, services = ['a']) => ({
  id,
  services,
  zone: 'z',
  ring: 'r',
  durationSeconds,
})
const problem = (more: object = {}) =>
  JSON.stringify({
    hosts: [host('h', 60), host('i', 60)],
    services: [{ id: 'a', maxUnavailable: 1 }],
    concurrency: 1,
    ...more,
  })

/** A window that is over before the download and the work are done, which no bound looks at together. */
const undecided = problem({
  hosts: [{ ...host('i', 100), bytes: 100 }],
  services: [{ id: 'a', maxUnavailable: 1, windows: [{ startSeconds: 0, endSeconds: 150 }] }],
  bandwidthBytesPerSecond: { default: 1 },
})

describe('5.2 5.7 drydock plan --problem FILE', () => {
  it('plans: 0, and the schedule on stdout', async () => {
    const { status, stdout, stderr } = await plan(problem(), '--json')
    expect([status, stderr, JSON.parse(stdout)]).toEqual([
      0,
      '',
      { lowerBoundSeconds: 120, makespanSeconds: 120, start: { h: 0, i: 60 }, violations: [] },
    ])
  })

  it('proves that there is no plan: 3, with the proof', async () => {
    const services = [{ id: 'a', maxUnavailable: 1, windows: [{ startSeconds: 0, endSeconds: 90 }] }]
    const { status, stdout, stderr } = await plan(problem({ services }), '--json')
    expect([status, stderr]).toEqual([3, expect.stringMatching(/^no plan is possible: the windows of a hold 90 s /)])
    expect(JSON.parse(stdout)).toEqual({ infeasible: expect.stringContaining('take 120 s'), names: ['a'] })
  })

  it('finds no plan and has no proof that there is none: 8, never infeasible', async () => {
    const { status, stdout, stderr } = await plan(undecided, '--json')
    expect([status, stderr]).toEqual([8, expect.stringMatching(/^no plan found: .*\(i\)\n$/)])
    expect(JSON.parse(stdout)).toEqual({
      noPlanFound: expect.stringContaining('no window of a was left'),
      names: ['i'],
    })
  })

  it('plans a pair that is named twice, and names it', async () => {
    const conflicts = [
      ['h', 'i'],
      ['i', 'h'],
    ]
    const { status, stderr } = await plan(problem({ conflicts }), '--json')
    expect([status, stderr]).toEqual([
      0,
      `${file}: conflicts name a pair more than once: h and i (conflicts.0, conflicts.1)\n`,
    ])
  })

  it.each([
    ['text that is no JSON', '{', 'is not JSON'],
    ['a host without services', problem({ hosts: [host('h', 60, [])] }), 'hosts.0.services: '],
    ['a key that nobody knows', problem({ hots: [] }), 'hots'],
    ['a duration out of range', problem({ hosts: [host('h', 1e308)] }), 'hosts.0.durationSeconds: 1e+308 is not a dur'],
  ])('refuses %s: 64, with file and path', async (_, text, reason) => {
    const { status, stdout, stderr } = await plan(text)
    expect([status, stdout, stderr]).toEqual([64, '', expect.stringContaining(reason)])
    expect(stderr).toContain(file)
  })

  it('tells the first twenty mistakes, and how many there are more', async () => {
    const { stderr } = await plan(problem({ hosts: Array.from({ length: 25 }, (_, at) => host(`h${at}`, 0)) }))
    expect(stderr.trimEnd().split('\n')).toHaveLength(21)
    expect(stderr).toContain(`${file}: and 5 more`)
  })
})
