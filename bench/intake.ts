/** Intake: from the event of a scanner to the finding's place in a change, with what DynamoDB would take for it. */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CatalogueRecord, loadCatalogue, loadPolicy, PolicyRecord } from '../functions/catalogue/index.ts'
import { findingDesk } from '../functions/changes/index.ts'
import { receiveFindings } from '../functions/intake/receive-findings.ts'
import type { CveIntel } from '../functions/intel/index.ts'
import { AssetRecord } from '../functions/inventory/index.ts'
import { evidenceBy } from '../functions/kit/evidence-by.ts'
import type { Json } from '../functions/kit/json.ts'
import { keys, lists } from '../functions/kit/keys.ts'
import type { Move } from '../functions/kit/ledger.ts'
import { memoryChangeDriver } from '../simulator/ports/change-driver.ts'
import { memoryLedger } from '../simulator/ports/ledger.ts'
import { memoryNudges } from '../simulator/ports/nudges.ts'
import { memoryRefusals } from '../simulator/ports/refusals.ts'
import { fixedClock, sequentialIds } from '../simulator/ports/time.ts'
import { projectRoot } from '../tools/processes.ts'
import { asMarkdown, type Bench, type BenchRow } from './table.ts'

const nowMs = Date.parse('2026-10-01T08:00:00Z')
const now = new Date(nowMs).toISOString()
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
/** An event of two packages, as EventBridge sends it. */
const template = JSON.stringify(JSON.parse(read('test/fixtures/findings/inspector-event-ec2.json')))
const findingsPerHost = 10
const cves = 40

const hostOf = (index: number) =>
  `i-${Math.floor(index / findingsPerHost)
    .toString(16)
    .padStart(17, '0')}`

/** Events of one service: ten findings a host, forty CVEs in all. */
function eventOf(index: number): string {
  const id = index.toString(16).padStart(32, '0')
  const cve = `CVE-2026-${1000 + (index % cves)}`
  return template
    .replaceAll(/finding\/[0-9a-f]{32}/g, `finding/${id}`)
    .replaceAll(/\bi-[0-9a-f]{17}/g, hostOf(index))
    .replaceAll(/CVE-\d{4}-\d{4,}/g, cve)
}

function shipped() {
  const [catalogue, policy] = [
    loadCatalogue(read('policy/catalogue.example.yaml')),
    loadPolicy(read('policy/policy.yaml')),
  ]
  if ('problems' in catalogue || 'problems' in policy)
    throw new Error('the files in policy/ do not pass their own check')
  return { catalogue: catalogue.value, policy: policy.value, service: catalogue.value.services[0]?.name ?? '' }
}

const feed = { version: '1', date: now, checkedAt: now }
const intel: CveIntel = {
  epss: { probability: 0.0312, percentile: 0.87 },
  vulnrichment: { exploitation: 'poc', automatable: 'no', technicalImpact: 'total' },
  feeds: { kev: feed, epss: feed, vulnrichment: feed },
}

/** A hub with the hosts of so many findings, in one service. */
async function hubFor(findings: number) {
  const ledger = memoryLedger()
  const { catalogue, policy, service } = shipped()
  const ids = sequentialIds()
  const put = (moves: readonly Move[]) => {
    const by = evidenceBy({ ids, account: '444455556666' }, now, 'bench')
    return ledger.commit({ moves, evidence: [{ ...by, type: 'bench.put', changeId: 'none', body: {} }] })
  }
  const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value))
  await put([
    { kind: CatalogueRecord.kind, key: keys.catalogue(), from: 0, value: asJson(catalogue) },
    { kind: PolicyRecord.kind, key: keys.policy(), from: 0, value: asJson(policy) },
  ])
  for (let index = 0; index < findings; index += findingsPerHost) {
    const hostId = hostOf(index)
    const place = { account: '444455556666', region: 'eu-west-1', zone: 'a', stage: 'production' }
    const node = { platform: 'ubuntu', agentVersion: '3.3.4000.0', isOnline: true, isManaged: true }
    const value = { hostId, ...place, ...node, services: [service], packages: {}, seenAt: now }
    await put([
      { kind: AssetRecord.kind, key: keys.asset(hostId), from: 0, value, list: { pk: lists.assets, sk: hostId } },
    ])
  }
  ledger.removeFromOutbox(ledger.outbox().map(({ leafId }) => leafId))
  const ports = {
    ledger,
    intel: { lookup: async () => intel },
    driver: memoryChangeDriver(),
    nudges: memoryNudges(),
    refusals: memoryRefusals(),
    metrics: { count: () => undefined },
    clock: fixedClock(nowMs),
    ids,
    account: '444455556666',
    digest: (text: string) => hash('sha256', text, 'hex'),
  }
  return { ...ports, desk: findingDesk(ports) }
}

interface Measured {
  readonly seconds: number
  readonly writeUnits: number
  readonly leaves: number
  readonly largestItemBytes: number
  readonly byKind: readonly (readonly [kind: string, units: number])[]
}

/** Findings filed at a time, as the archiver does. */
const filedAtOnce = 200

async function fill(findings: number): Promise<Measured> {
  const ports = await hubFor(findings)
  const { meter } = ports.ledger
  const before = new Map(meter.writeUnits())
  let leaves = 0
  const file = () => {
    const waiting = ports.ledger.outbox().map(({ leafId }) => leafId)
    leaves += waiting.length
    ports.ledger.removeFromOutbox(waiting)
  }
  const startMs = performance.now()
  for (let index = 0; index < findings; index++) {
    const { refused } = await receiveFindings(eventOf(index), ports)
    if (refused.length > 0) throw new Error(`an event of the benchmark was refused: ${refused[0]?.detail}`)
    if (index % filedAtOnce === filedAtOnce - 1) file()
  }
  file()
  const seconds = (performance.now() - startMs) / 1000
  const byKind = [...meter.writeUnits()].map(
    ([kind, units]) => [kind, (units - (before.get(kind) ?? 0)) / findings] as const,
  )
  const writeUnits = byKind.reduce((sum, [, units]) => sum + units, 0)
  return { seconds, writeUnits, leaves: leaves / findings, largestItemBytes: meter.largestItemBytes(), byKind }
}

/** Goals of the scale issue: 12 write units and one leaf a finding; four times the findings in 4.4 times the time. */
function rowsOf(findings: number, one: Measured, four: Measured): BenchRow[] {
  const many = (findings * 4).toLocaleString('en')
  return [
    {
      what: `${many} findings of one service, against a quarter of them`,
      ours: four.seconds,
      peer: one.seconds * 4,
      unit: 's',
      against: 'four times the time of a quarter',
      goalRatioMax: 1.1,
    },
    {
      what: `write units a finding, from event to joined, at ${many}`,
      ours: four.writeUnits,
      peer: 12,
      unit: 'units',
      against: 'the goal: index copies and the deleted outbox item included',
      goalRatioMax: 1,
    },
    {
      what: `leaves a finding, from event to joined, at ${many}`,
      ours: four.leaves,
      peer: 1,
      unit: 'leaves',
      against: 'the goal; a change that opens has one more',
      goalRatioMax: 1.001,
    },
    {
      what: `largest item at ${many} findings of one change`,
      ours: four.largestItemBytes / 1000,
      peer: 100,
      unit: 'kB',
      against: 'the goal',
      goalRatioMax: 1,
    },
  ]
}

export async function benchIntake({ isFull = process.argv.includes('--full') } = {}): Promise<Bench[]> {
  const findings = isFull ? 25_000 : 2_500
  await fill(500)
  const [one, four] = [await fill(findings), await fill(findings * 4)]
  const shares = four.byKind.map(([kind, units]) => `${kind} ${units.toFixed(2)}`).join(', ')
  return [
    {
      title: 'Intake',
      command: `npm run bench -- intake${isFull ? ' --full' : ''}`,
      rows: rowsOf(findings, one, four),
      notes: [`Write units a finding by kind of record: ${shares}.`],
    },
  ]
}

if (import.meta.main) process.stdout.write((await benchIntake()).map(asMarkdown).join('\n'))
