import { describe, expect, it } from 'vitest'
import { filesUnder } from './source-files.ts'

/** How a fact may be unknown; each holds (I20). */
const corners = ['missing', 'unreadable', 'late'] as const

/** Members of `GateFacts` that may be unknown. */
function factsOf(text: string): string[] {
  const [, members = ''] = /^export interface GateFacts \{\n([\s\S]*?)^\}/m.exec(text) ?? []
  return [...members.matchAll(/^ {2}readonly (\w+): Fact</gm)].map(([, name = '']) => name)
}

/** Titles that no test of a gate has: `<fact>: <corner>`, as tables of corners name them. */
const untested = (facts: readonly string[], tests: string) =>
  facts.flatMap((fact) =>
    corners.map((corner) => `${fact}: ${corner}`).filter((title) => !tests.includes(`'${title}'`)),
  )

const sourceOf = (path: string) => filesUnder(['functions/rollout/gates'], '.ts').find((file) => file.path === path)

describe('I20 facts of the gates', () => {
  const facts = factsOf(sourceOf('functions/rollout/gates/gate.ts')?.text ?? '')

  it('are found', () => {
    expect(facts).toContain('evidence')
    expect(facts.length).toBeGreaterThanOrEqual(9)
  })

  it('each has a test for missing, unreadable and late', () => {
    const tests = filesUnder(['test/functions/rollout/gates'], '.test.ts').map(({ text }) => text)
    expect(untested(facts, tests.join('\n'))).toEqual([])
  })

  it('a fact without such a test is a fault', () => {
    const gate = 'export interface GateFacts {\n  readonly ring: string\n  readonly change: Fact<Change>\n}\n'
    expect(factsOf(gate)).toEqual(['change'])
    expect(untested(['change'], "['change: missing', x], ['change: late', y]")).toEqual(['change: unreadable'])
  })
})
