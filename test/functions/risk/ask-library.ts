/**
 * Prints every vector that `ae-cvss-calculator` scores otherwise than exact arithmetic does: `vector exact library`.
 *
 * `node test/functions/risk/ask-library.ts [VERSION...]` asks about all base vectors and 100,000 random ones of each
 * version, the ones of `npm run bench -- decisions`. v4.0 takes two minutes. ADR 0030 has the counts.
 */
import calculator from 'ae-cvss-calculator'
import { oracle2, oracle3, oracle4 } from '../../../oracles/cvss-oracle.ts'
import { baseVectors, randomVectors, type VersionName } from '../../../oracles/cvss-vectors.ts'

const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = calculator
const versions = {
  '2.0': { exact: oracle2, library: (vector: string) => new Cvss2(vector).calculateScores().overall },
  '3.0': { exact: oracle3, library: (vector: string) => new Cvss3P0(vector).calculateScores().overall },
  '3.1': { exact: oracle3, library: (vector: string) => new Cvss3P1(vector).calculateScores().overall },
  '4.0': { exact: oracle4, library: (vector: string) => new Cvss4P0(vector).calculateScores().overall },
} as const

export function* wrongOfLibrary(version: VersionName, vectors: Iterable<string>): Generator<string> {
  const { exact, library } = versions[version]
  for (const vector of vectors) {
    const [right, given] = [exact(vector), library(vector)]
    if (right !== given) yield `${vector} ${right} ${given}`
  }
}

if (import.meta.main) {
  const names: readonly VersionName[] = ['2.0', '3.0', '3.1', '4.0']
  const asked = names.filter((name) => process.argv.length < 3 || process.argv.slice(2).includes(name))
  for (const name of asked) {
    const sets = {
      base: baseVectors(name),
      'random, with threat and environmental metrics': randomVectors(name, 100_000, 7),
    }
    for (const [set, vectors] of Object.entries(sets)) {
      const wrong = [...wrongOfLibrary(name, vectors)]
      process.stdout.write(wrong.map((line) => `${line}\n`).join(''))
      process.stderr.write(`v${name} ${set}: ${wrong.length} wrong\n`)
    }
  }
}
