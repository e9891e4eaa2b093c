/** Version order: pairs compared one after another, against the libraries that a team would otherwise use. */
import { createRequire } from 'node:module'
import { compare as comparePep440, valid as isPep440 } from '@renovatebot/pep440'
import { gt as isNewerRuby, valid as isRuby } from '@renovatebot/ruby-semver'
import { compareVersions, type VersionScheme } from '../functions/inventory/index.ts'
import { type Pair, readOrders, versionPairs } from '../oracles/version-pairs.ts'
import { asMarkdown, type Bench, type BenchRow } from './table.ts'

type Compare = (left: string, right: string) => number

const repeats = 41
/** Few enough to stay in the processor's cache, so that comparing is measured and not reading memory. */
const stride = 20

/** CommonJS without types. */
const debVersionCompare: unknown = createRequire(import.meta.url)('deb-version-compare')

function compareByPeer(left: string, right: string): number {
  if (typeof debVersionCompare !== 'function') throw new Error('deb-version-compare does not export a function')
  return debVersionCompare(left, right)
}

/** The library offers no order, so equal counts as older: one call per pair, as for the others. */
const compareRuby: Compare = (left, right) => (isNewerRuby(left, right) ? 1 : -1)

/** Nanoseconds per comparison: the fastest of many passes, because other load only ever adds time. */
function nanoseconds(compare: Compare, pairs: readonly Pair[]): number {
  const pass = () => {
    let sum = 0
    const startMs = performance.now()
    for (const [left, right] of pairs) sum += compare(left, right)
    const ms = performance.now() - startMs
    if (Number.isNaN(sum)) throw new Error('a comparison did not return a number')
    return (ms * 1e6) / pairs.length
  }
  return Math.min(...Array.from({ length: repeats }, pass))
}

const ours =
  (scheme: VersionScheme): Compare =>
  (left, right) =>
    compareVersions(scheme, left, right)

function row(
  what: string,
  scheme: VersionScheme,
  pairs: readonly Pair[],
  against: string,
  peer: Compare,
  times: number,
): BenchRow {
  return {
    what: `${what}, ${pairs.length.toLocaleString('en')} pairs`,
    ours: nanoseconds(ours(scheme), pairs),
    peer: nanoseconds(peer, pairs),
    unit: 'ns',
    against,
    goalRatioMax: Number((1 / times).toFixed(3)),
  }
}

/** Every twentieth pair, as separate strings, as parsing JSON gives them. */
const sampled = (pairs: readonly Pair[]): Pair[] =>
  pairs
    .filter((_, index) => index % stride === 0)
    .map(([left, right]): Pair => [Buffer.from(left).toString(), Buffer.from(right).toString()])

/** The versions of real packages that another scheme can read too: numbers and dots. */
const dotted = (pairs: readonly Pair[], isValid: (version: string) => unknown): Pair[] =>
  pairs
    .map(([left, right]): Pair => [numbersOf(left), numbersOf(right)])
    .filter((pair) => pair.every((version) => isValid(version)))

const numbersOf = (version: string) => /^(?:\d+:)?(\d+(?:\.\d+){0,4})/.exec(version)?.[1] ?? ''

/** How many of the 100,000 recorded answers of dpkg a comparison gets wrong. */
function wrongAnswers(compare: Compare, pairs: readonly Pair[]): number {
  const answers = readOrders('deb')
  return pairs.filter(([left, right], index) => {
    try {
      return Math.sign(compare(left, right)) !== answers[index]
    } catch {
      return true
    }
  }).length
}

const againstPep440 =
  '`@renovatebot/pep440` is fast on these short versions: finding the common prefix alone takes two thirds of the time that a thirtieth allows.'

export function benchVersions(): Bench[] {
  const all = versionPairs('deb')
  const pairs = sampled(all)
  const pep440 = sampled(dotted(all, isPep440))
  const ruby = sampled(dotted(all, isRuby))
  return [
    {
      title: 'Version order',
      command: 'node bench/versions.ts',
      rows: [
        row('Debian versions', 'deb', pairs, '`deb-version-compare`', compareByPeer, 5),
        row(
          'RPM versions',
          'rpm',
          sampled(versionPairs('rpm')),
          '`deb-version-compare` (nothing is published for RPM)',
          compareByPeer,
          5,
        ),
        row('dotted versions', 'deb', pep440, '`@renovatebot/pep440`', comparePep440, 30),
        row('dotted versions', 'deb', ruby, '`@renovatebot/ruby-semver`', compareRuby, 30),
        {
          what: 'wrong of 100,000 answers of dpkg',
          ours: wrongAnswers(ours('deb'), all),
          peer: wrongAnswers(compareByPeer, all),
          unit: 'pairs',
          against: '`deb-version-compare`',
          goalRatioMax: 0,
        },
      ],
      notes: [againstPep440],
    },
  ]
}

if (import.meta.main) {
  const benches = benchVersions()
  process.stdout.write(
    process.argv[2] === '--json' ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'),
  )
}
