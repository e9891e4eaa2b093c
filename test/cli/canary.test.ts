import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { runVerb } from './run-verb.ts'

const example = fileURLToPath(new URL('../fixtures/canary/worked-example.json', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'drydock-canary-'))
const file = join(directory, 'samples.json')
afterAll(() => rmSync(directory, { recursive: true }))

const judge = (...words: readonly string[]) => runVerb('canary', 'judge', ...words)

function judgeText(text: string) {
  writeFileSync(file, text)
  return judge('--input', file, '--json')
}

const wave = (shift: number) =>
  [3, 1, 4, 1.5, 5, 9, 2, 6, 5.3, 5.8, 9.7, 9.3, 2.3, 8.4, 6.2, 6.4, 3.3, 8.3, 2.7, 9.5].map((value) => value + shift)
const problem = (metric: object, more: object = {}) =>
  JSON.stringify({ alpha: 0.02, looks: 1, metrics: [{ name: 'ErrorRate', higherIsWorse: true, ...metric }], ...more })

const Document = z.object({
  schemaVersion: z.literal(1),
  verdict: z.string(),
  alpha: z.number(),
  look: z.number(),
  looks: z.number(),
  reasons: z.array(z.string()),
  metrics: z.array(
    z.object({
      name: z.string(),
      verdict: z.string(),
      p: z.number(),
      pAdjusted: z.number(),
      threshold: z.number(),
      effect: z.number(),
      comparisons: z.array(
        z.object({ against: z.string(), u: z.number(), p: z.number(), interval: z.array(z.number()) }),
      ),
    }),
  ),
})

describe('6.3 drydock canary judge', () => {
  it.each([
    ['pass', 0, problem({ baseline: wave(0), canary: wave(0.1) })],
    ['fail', 3, problem({ baseline: wave(0), canary: wave(20) })],
    ['inconclusive', 6, problem({ baseline: wave(0), canary: [] })],
  ])(
    'prints one document with the verdict %s and exits %d',
    async (verdict, status, input) => {
      const result = await judgeText(input)
      expect(result.status).toBe(status)
      const document = Document.parse(JSON.parse(result.stdout))
      expect(document).toMatchObject({ verdict, alpha: 0.02, look: 1, looks: 1 })
      expect(document.metrics[0]?.verdict).toBe(verdict)
      expect(document.reasons[0]).toMatch(/^ErrorRate/)
    },
    60_000,
  )

  it.each([
    ['what is no JSON', '{"alpha": NaN}', /^.*samples.json is not JSON \(a missing number is null, not NaN\)/],
    [
      'what is no problem',
      problem({ canary: ['1'] }),
      /^.*samples.json: metrics\.0\.canary\.0: expected a number or null/,
    ],
  ])(
    'exits 64 for %s and says where',
    async (_, input, said) => {
      const result = await judgeText(input)
      expect(result).toMatchObject({ status: 64, stdout: '' })
      expect(result.stderr).toMatch(said)
    },
    60_000,
  )

  it('judges the worked example of the guide as the guide says', async () => {
    const result = await judge('--input', example)
    expect(result.status).toBe(3)
    expect(result.stdout).toMatch(/^fail\n/)
    expect(result.stdout).toMatch(/^Latency on the canary rose from 81\.\d to 91\.\d\. .* worse$/m)
  })

  it('shows an example in its help', async () => {
    expect((await judge('--help')).stdout).toContain('Example: drydock canary judge --input samples.json --json')
  })
})
