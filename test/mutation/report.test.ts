import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countMutants, faultsOf, type Report, tableOf } from '../../mutation/report.ts'
import { leftOutOf, targets, targetsOf, targetsTouchedBy } from '../../mutation/targets.ts'

const root = join(import.meta.dirname, '../..')
const outside = 'An error occurred outside of a test run: ring.test.ts: Invalid typed array length'
const anyMutant = (status: string, more: object = {}) => ({
  mutatorName: 'BooleanLiteral',
  replacement: 'true',
  status,
  location: { start: { line: 7 } },
  ...more,
})
const reportOf = (...mutants: Report['files'][string]['mutants']): Report => ({ files: { 'a.ts': { mutants } } })

describe('the report on mutants', () => {
  it('counts every fate by file, and static mutants beside', () => {
    const report = reportOf(
      anyMutant('Killed', { static: true }),
      anyMutant('Timeout'),
      anyMutant('RuntimeError', { statusReason: outside }),
      anyMutant('RuntimeError', { statusReason: 'out of memory' }),
      anyMutant('Survived', { static: true }),
      anyMutant('NoCoverage'),
      anyMutant('Ignored', { statusReason: 'the same' }),
    )
    expect(countMutants(report)).toEqual([
      { file: 'a.ts', killed: 1, timedOut: 1, unloadable: 1, survived: 2, ignored: 1, invalid: 1, static: 2 },
    ])
    expect(tableOf(countMutants(report)).split('\n')[1]).toMatch(/^a\.ts +1 +1 +1 +2 +1 +1 +2 +50\.00$/)
  })

  it.each([
    ['lives', anyMutant('Survived'), ['a.ts:7 BooleanLiteral -> true: Survived']],
    ['no test meets', anyMutant('NoCoverage'), ['a.ts:7 BooleanLiteral -> true: NoCoverage']],
    ['could not be run', anyMutant('RuntimeError'), ['a.ts:7 BooleanLiteral -> true: RuntimeError']],
    ['was not run', anyMutant('Pending'), ['a.ts:7 BooleanLiteral -> true: Pending']],
    ['is ignored for no reason', anyMutant('Ignored'), ['a.ts:7 BooleanLiteral -> true: ignored without a reason']],
    [
      'Stryker ignores by itself',
      anyMutant('Ignored', { statusReason: 'Static mutant (and "ignoreStatic" was enabled)' }),
      ['a.ts:7 BooleanLiteral -> true: ignored without a reason'],
    ],
    [
      'a comment ignores without a reason',
      anyMutant('Ignored', { statusReason: 'Ignored because of "BooleanLiteral" in "stryker disable" comment' }),
      ['a.ts:7 BooleanLiteral -> true: ignored without a reason'],
    ],
    ['is explained', anyMutant('Ignored', { statusReason: 'a rival that is no host is never down' }), []],
    ['fails a test', anyMutant('Killed'), []],
    ['never ends', anyMutant('Timeout'), []],
    ['lets no test load', anyMutant('RuntimeError', { statusReason: outside }), []],
  ])('finds fault with a mutant that %s: %j', (_, mutant, faults) => {
    expect(faultsOf(reportOf(mutant))).toEqual(faults)
  })
})

describe('what is mutated', () => {
  it('is every gate, and files and tests that are there', () => {
    const files = targets.flatMap(({ mutate }) => mutate)
    expect(new Set(files).size).toBe(files.length)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(globSync('functions/rollout/gates/*.ts', { cwd: root }).filter((file) => !files.includes(file))).toEqual([])
    for (const { tests } of targets) for (const glob of tests) expect(globSync(glob, { cwd: root })).not.toEqual([])
  })

  it('is cut down to the files that are asked for', () => {
    expect(targetsOf(['functions/rollout/gates/stop.ts', 'README.md']).map(({ mutate }) => mutate)).toEqual([
      ['functions/rollout/gates/stop.ts'],
    ])
    expect(targetsOf(['README.md'])).toEqual([])
  })

  it('is what a change touches, and all of a target whose tests it touches', () => {
    const touched = (...files: readonly string[]) =>
      targetsTouchedBy(files).map(({ name, mutate }) => [name, mutate.length])
    expect(touched('README.md', 'test/functions/rollout/claim.test.ts')).toEqual([])
    expect(touched('functions/rollout/gates/stop.ts')).toEqual([['gates', 1]])
    expect(touched('test/functions/rollout/gates/stop.test.ts', 'functions/people/quorum.ts')).toEqual([
      ['gates', 9],
      ['quorum', 1],
    ])
  })

  it('takes as long as the share of its files', () => {
    const [whole] = targets
    const [part] = targetsOf(['functions/rollout/gates/stop.ts'])
    expect(part?.seconds).toBe(Math.ceil((whole?.seconds ?? 0) / 9))
  })

  const anyTarget = (name: string) => ({ name, mutate: [`${name}.ts`, `${name}s.ts`], tests: [], seconds: 1 })
  const [first, second, third] = [anyTarget('first'), anyTarget('second'), anyTarget('third')]
  const all = [first, second, third]
  const part = { ...second, mutate: ['second.ts'] }
  it.each([
    ['all of it was tried', all, all, []],
    [
      'nothing was touched',
      [],
      [],
      ['not mutated, neither asked for nor touched: first.ts firsts.ts second.ts seconds.ts third.ts thirds.ts'],
    ],
    [
      'a part was touched and a part had no time',
      [first, part],
      [first],
      [
        'not mutated, neither asked for nor touched: seconds.ts third.ts thirds.ts',
        'not mutated, 6 min were too few: npm run mutation -- second.ts',
      ],
    ],
  ])('is told apart from what was not tried, and why: %s', (_, asked, started, lines) => {
    expect(leftOutOf(asked, started, '6', all)).toEqual(lines)
  })
})
