/**
 * Decisions: from the text of an Inspector event to a decision, against parsing its JSON alone; and CVSS scores against
 * exact arithmetic.
 */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import calculator from 'ae-cvss-calculator'
import { loadCatalogue, loadPolicy } from '../functions/catalogue/index.ts'
import { riskFacts } from '../functions/changes/risk-facts.ts'
import { normaliseDocument } from '../functions/intake/index.ts'
import type { CveIntel } from '../functions/intel/index.ts'
import { assess, scoreVector } from '../functions/risk/index.ts'
import { oracle2, oracle3, oracle4 } from '../oracles/cvss-oracle.ts'
import { baseVectors, randomVectors, type VersionName } from '../oracles/cvss-vectors.ts'
import { projectRoot } from '../tools/processes.ts'
import { asMarkdown, type Bench, type BenchRow } from './table.ts'

const nowMs = Date.parse('2026-10-01T08:00:00Z')
const now = new Date(nowMs).toISOString()
const digest = (text: string) => hash('sha256', text, 'hex')

/** The policy and catalogue that ship with the project; the benchmark decides by them. */
function shipped() {
  const text = (name: string) => readFileSync(join(projectRoot, 'policy', name), 'utf8')
  const [catalogue, loaded] = [loadCatalogue(text('catalogue.example.yaml')), loadPolicy(text('policy.yaml'))]
  if ('problems' in catalogue || 'problems' in loaded)
    throw new Error('the files in policy/ do not pass their own check')
  const [first] = catalogue.value.services
  if (!first) throw new Error('policy/catalogue.example.yaml names no service')
  return { service: { ...first, exposure: 'internet' as const }, risk: loaded.value.risk }
}
const { service, risk } = shipped()
const policy = { ...risk, tables: ['cisa-bod-26-04' as const, 'ssvc-deployer' as const] }

const feed = (version: string) => ({ version, date: now, checkedAt: now })
const intel: readonly (CveIntel & { readonly cveId: string })[] = [
  {
    cveId: 'CVE-2026-1111',
    epss: { probability: 0.0312, percentile: 0.87 },
    vulnrichment: { exploitation: 'poc', automatable: 'no', technicalImpact: 'total' },
    feeds: { kev: feed('2026.10.01'), epss: feed('v2026.06.15'), vulnrichment: feed('b0ed758328') },
  },
]

const fixtures = ['ec2', 'ec2-rpm', 'ec2-language', 'ecr', 'lambda', 'network', 'code']

/** Events as EventBridge sends them: without whitespace, each with its own ids. */
function events(count: number): string[] {
  const texts = fixtures.map((name) =>
    JSON.stringify(
      JSON.parse(readFileSync(join(projectRoot, 'test/fixtures/findings', `inspector-event-${name}.json`), 'utf8')),
    ),
  )
  return Array.from({ length: count }, (_, index) => {
    const id = index.toString(16).padStart(17, '0')
    const text = (texts[index % texts.length] ?? '').replace(/\bi-[0-9a-f]{17}/g, `i-${id}`)
    return Buffer.from(text.replace(/finding\/[0-9a-f]{32}/g, `finding/${id}${id.slice(2)}`)).toString()
  })
}

function decide(document: unknown): number {
  let priority = 0
  for (const item of normaliseDocument(document, { nowMs, digest })) {
    if ('refused' in item) throw new Error(`an event of the benchmark was refused: ${item.detail}`)
    const { finding } = item
    const sources = { finding, service, intel, isReachable: false, now, feedAgeHoursMax: policy.feedAgeHoursMax }
    priority += assess(finding.findingId, riskFacts(sources), policy, digest).priority
  }
  return priority
}

const passes = 600

/** Microseconds per event: the fastest of many short passes, because other load only ever adds time. */
function microseconds(work: (text: string) => unknown, texts: readonly string[]): number {
  let fastestMs = Number.POSITIVE_INFINITY
  for (let pass = 0; pass < passes; pass++) {
    const startMs = performance.now()
    for (const text of texts) work(text)
    fastestMs = Math.min(fastestMs, performance.now() - startMs)
  }
  return (fastestMs * 1000) / texts.length
}

function speed(): BenchRow[] {
  const texts = events(70)
  const parseUs = microseconds((text) => JSON.parse(text), texts)
  const row = (what: string, work: (text: string) => unknown) => ({
    what,
    ours: microseconds(work, texts),
    peer: parseUs,
    unit: 'us',
    against: '`JSON.parse` of the same events',
  })
  const normalise = (text: string) => normaliseDocument(JSON.parse(text), { nowMs, digest })
  return [
    row('raw event to finding', normalise),
    { ...row('raw event to decision', (text) => decide(JSON.parse(text))), goalRatioMax: 2 },
  ]
}

const oracles = { '2.0': oracle2, '3.0': oracle3, '3.1': oracle3, '4.0': oracle4 } as const

function wrongScores(version: VersionName, vectors: Iterable<string>): number {
  let wrong = 0
  for (const vector of vectors) {
    const scored = scoreVector(vector)
    if (!('score' in scored) || scored.score !== oracles[version](vector)) wrong++
  }
  return wrong
}

const count = 100_000

function scores(): BenchRow[] {
  const row = (version: VersionName, what: string, vectors: readonly string[]) => ({
    what: `CVSS v${version}: ${what}`,
    ours: wrongScores(version, vectors),
    peer: vectors.length,
    unit: 'vectors',
    against: 'vectors scored; ours counts those that differ from exact arithmetic',
    goalRatioMax: 0,
  })
  return (['2.0', '3.0', '3.1', '4.0'] as const).flatMap((version) => [
    row(version, 'base vectors', baseVectors(version)),
    row(version, 'threat and environmental', [...randomVectors(version, count, 7)]),
  ])
}

function scoringSpeed(): BenchRow {
  const vectors = [...randomVectors('3.1', 5_000, 11)]
  // Each vector once per pass, and more of them than the cache holds, so that scoring is measured and not the cache.
  const perVector = (work: (vector: string) => unknown, times: number) => {
    let fastestMs = Number.POSITIVE_INFINITY
    for (let pass = 0; pass < times; pass++) {
      const startMs = performance.now()
      for (const vector of vectors) work(vector)
      fastestMs = Math.min(fastestMs, performance.now() - startMs)
    }
    return (fastestMs * 1000) / vectors.length
  }
  const ours = perVector(scoreVector, 20)
  const peer = perVector((vector) => new calculator.Cvss3P1(vector).calculateScores(), 2)
  return { what: 'CVSS v3.1 score of a new vector', ours, peer, unit: 'us', against: '`ae-cvss-calculator`' }
}

const fromEventToDecision =
  'Between the JSON and the decision every field is checked against its grammar and cleaned, the finding gets its id and digest by SHA-256, scores are computed from vectors, and two tables are evaluated. Each of about sixty steps takes a fraction of a microsecond and none a tenth of the whole; two thirds of them would have to go.'

export function benchDecisions(): Bench[] {
  const command = 'node bench/decisions.ts'
  return [
    { title: 'Decisions', command, rows: [...speed(), scoringSpeed()], notes: [fromEventToDecision] },
    { title: 'CVSS scores', command, rows: scores() },
  ]
}

if (import.meta.main) {
  const benches = benchDecisions()
  process.stdout.write(
    process.argv[2] === '--json' ? `${JSON.stringify(benches)}\n` : benches.map(asMarkdown).join('\n'),
  )
}
