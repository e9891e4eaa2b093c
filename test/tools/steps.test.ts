import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lineOf, runSteps, type StepEnd, stepsOf } from '../../tools/steps.ts'

const endsOf = async (...scripts: string[]) => {
  const ends: StepEnd[] = []
  const steps = scripts.map((script, index) => ({ name: `test-of-steps-${index}`, script }))
  return { isGood: await runSteps(steps, (end) => ends.push(end)), ends }
}

describe('runSteps', () => {
  it('is good when every step is', async () => {
    const { isGood, ends } = await endsOf('true', 'echo fine')
    expect(isGood).toBe(true)
    expect(ends.map((end) => end.isGood)).toEqual([true, true])
  })

  it.each(['exit 3', 'no-such-program-of-ours', 'kill -9 $$'])(
    'is not when one fails (%s), and the others go on',
    async (script) => {
      const { isGood, ends } = await endsOf(script, 'true', 'true')
      expect(isGood).toBe(false)
      expect(Object.fromEntries(ends.map((end) => [end.name, end.isGood]))).toEqual({
        'test-of-steps-0': false,
        'test-of-steps-1': true,
        'test-of-steps-2': true,
      })
    },
  )

  it('says one line of a good step, and all that a failed one printed on either stream', async () => {
    const { ends } = await endsOf('echo to be heard; echo as well >&2; exit 1', 'echo not to be heard')
    const [failed = '', good = ''] = ends.toSorted((a, b) => a.name.localeCompare(b.name)).map(lineOf)
    expect(failed).toMatch(/^FAILED test-of-steps-0 +\d+\.\d s\nto be heard\nas well\n$/)
    expect(good).toMatch(/^ok +test-of-steps-1 +\d+\.\d s\n$/)
  })

  it('says of a good step how many tests ran and were skipped, and what did not run at all', async () => {
    const { ends } = await endsOf(
      "printf ' \\033[2m Tests \\033[22m \\033[1m24 passed\\033[22m | 14 skipped (38)\\n*** hosts DID NOT RUN: no unshare ***\\nmore\\n'",
    )
    const [told = ''] = ends.map(lineOf)
    expect(told.split('\n').slice(1)).toEqual([
      '       Tests  24 passed | 14 skipped (38)',
      '       *** hosts DID NOT RUN: no unshare ***',
      '',
    ])
  })

  it('finds the commands of node_modules', async () => {
    const { ends } = await endsOf('tsc --version')
    expect(readFileSync(ends[0]?.logFile ?? '', 'utf8')).toMatch(/^Version /)
  })

  it('refuses a step that package.json does not have: it must not pass', () => {
    expect(() => stepsOf(['types', 'typos'], { types: 'tsc' })).toThrow('no script "typos"')
  })
})
