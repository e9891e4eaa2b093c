import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { runVerb } from './run-verb.ts'

const directory = mkdtempSync(join(tmpdir(), 'drydock-decide-'))
const file = join(directory, 'input.json')
afterAll(() => rmSync(directory, { recursive: true }))

function decide(input: unknown, ...words: string[]) {
  writeFileSync(file, typeof input === 'string' ? input : JSON.stringify(input))
  return runVerb('decide', '--input', file, ...words)
}

const Answer = z.object({
  schemaVersion: z.literal(1),
  decisions: z.array(
    z.object({
      id: z.string(),
      winner: z.object({ table: z.string(), row: z.number().optional(), dueAt: z.string().optional() }),
      losers: z.array(z.object({ table: z.string(), decision: z.string() })),
      reasons: z.array(z.string()),
      facts: z.object({ cvss: z.object({ score: z.number() }).optional(), publiclyExposedBecause: z.string() }),
    }),
  ),
})
const decisionsOf = ({ stdout }: { readonly stdout: string }) => Answer.parse(JSON.parse(stdout)).decisions

const worst = {
  inKev: true,
  publiclyExposed: true,
  automatable: 'yes',
  technicalImpact: 'total',
  detectedAt: '2026-11-20',
}

describe('3.1 drydock decide', () => {
  it('tells the row that fired, its due date and the clocks that lost', async () => {
    const answer = await decide({ ...worst, id: 'a', cvss: ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'] }, '--json')
    expect(answer.status).toBe(0)
    expect(decisionsOf(answer)).toMatchObject([
      {
        id: 'a',
        winner: { table: 'cisa-bod-26-04', row: 15, dueAt: '2026-11-23T00:00:00.000Z' },
        losers: [{ table: 'ssvc-deployer' }],
        facts: { cvss: { score: 9.8 } },
      },
    ])
  })

  it('answers every question of a list, in order, and the same bytes each time', async () => {
    const questions = [worst, { ...worst, inKev: false, detectedAt: '2026-11-20T10:00:00+02:00' }]
    const [one, other] = [await decide(questions, '--json'), await decide(questions, '--json')]
    expect(decisionsOf(one).map(({ id }) => id)).toEqual(['0', '1'])
    expect(one.stdout).toBe(other.stdout)
  })

  it('I20 takes what is not said as exposed, and says so', async () => {
    const [decision] = decisionsOf(await decide({ inKev: true, detectedAt: '2026-11-20' }, '--json'))
    expect(decision?.facts.publiclyExposedBecause).toBe('unknown-counts-as-exposed')
    expect(decision?.winner.row).toBe(15)
  })

  it('decides by another policy', async () => {
    const policy = join(directory, 'policy.yaml')
    const own = readFileSync(new URL('../../policy/policy.yaml', import.meta.url), 'utf8')
    writeFileSync(policy, own.replace('[cisa-bod-26-04, ssvc-deployer]', '[cisa-coordinator]'))
    const [decision] = decisionsOf(await decide(worst, '--policy', policy, '--json'))
    expect(decision).toMatchObject({ winner: { table: 'cisa-coordinator' }, losers: [] })
  })

  it('explains in words without --json', async () => {
    const { stdout } = await decide(worst)
    expect(stdout).toMatch(/wins\s+cisa-bod-26-04 1\.0\.0 row 15: 3 days & forensic investigation, due 2026-11-23/)
    expect(stdout).toContain('forensic triage is required before the patch')
  })

  it.each([
    ['no JSON', '{', 'is not JSON'],
    ['a wrong type', [worst, { ...worst, inKev: 'maybe' }], '1.inKev'],
    ['a key that nobody knows', { ...worst, exposed: true }, 'exposed'],
    ['a day that does not exist', { ...worst, detectedAt: '2026-02-30' }, 'detectedAt'],
    ['no number', { ...worst, epss: '1e400' }, 'epss'],
  ])('B12 B45 refuses %s with the place, and exits 64', async (_, input, place) => {
    const { status, stderr, stdout } = await decide(input)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain(place)
  })

  it('refuses a policy with its line, and exits 3', async () => {
    const policy = join(directory, 'bad.yaml')
    writeFileSync(policy, 'risk:\n  tabels: []\n')
    const { status, stderr } = await decide(worst, '--policy', policy)
    expect(status).toBe(3)
    expect(stderr).toMatch(/bad\.yaml:\d+:\d+: .*tabels/)
  })
})
