import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('docs/guides/asking-people.md', () => {
  it('shows the purpose that the tests ask, line by line', () => {
    const [, code] = /```ts\n(.*?)\n```/s.exec(read('docs/guides/asking-people.md')) ?? []
    const [, compiled] =
      /\/\/ guide: begin\n(.*?)\n\/\/ guide: end/s.exec(read('test/functions/people/spot-check.ts')) ?? []
    expect(code).toBe(compiled?.trimEnd().replace("'../../../functions/people/index.ts'", "'../people/index.ts'"))
  })

  it('names every leaf that the room writes', () => {
    const guide = read('docs/guides/asking-people.md')
    const files = [
      'ask-people',
      'answer-question',
      'close-question',
      'delegate-question',
      'follow-up-questions',
      'open-question',
    ]
    const verbs = files.flatMap((file) => [...read(`functions/people/${file}.ts`).matchAll(/`\$\{[\w.]+\}\.(\w+)`/g)])
    expect(verbs.length).toBeGreaterThan(4)
    for (const [, verb = ''] of verbs) expect(guide, verb).toMatch(new RegExp(`\\.${verb}\``))
  })
})
