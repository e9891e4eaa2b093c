/**
 * Merges the copies of one finding: the newest statement of each format is kept, so the order of arrival never matters.
 */

import * as z from 'zod'
import { byText } from '../kit/by-text.ts'
import { canonicalJson } from '../kit/json.ts'
import { Finding, type FindingCopy, type FindingPackage } from './finding.ts'
import { isPatchablePackage, routeOf } from './route.ts'

const Facts = Finding.omit({ copies: true })
type Facts = Omit<Finding, 'copies'>

/** The last statement of one format. */
interface Statement {
  readonly format: FindingCopy['format']
  readonly nativeId: string
  readonly facts: Facts
}

/** Why a merge changed a finding, or why it did not. */
export type MergeCause =
  | 'new'
  | 'closed'
  | 'reopened'
  | 'suppressed'
  | 'newer'
  /** Facts missing from the newest copy came from another copy. */
  | 'enriched'
  /** A copy in another format brought nothing new. */
  | 'new-copy'
  | 'older'
  /** Exactly the copy that is already known. */
  | 'same'

/** A finding after another copy came, and whether and why that changed it. */
export interface MergeResult {
  readonly finding: Finding
  readonly changed: boolean
  readonly because: MergeCause
}

/** At equal times the most detailed format comes first. */
const formatOrder = ['inspector2', 'listfindings', 'asff', 'ocsf'] as const
/** At equal times a closed copy closes. */
const statusOrder = ['closed', 'suppressed', 'active'] as const

/**
 * Merges an incoming copy into the known finding.
 *
 * The newest `updatedAt` decides state and details, at equal time in the order Inspector event, ListFindings, ASFF,
 * OCSF; missing facts are taken from the next. Older and repeated copies change nothing (F1, F2).
 */
export function mergeFinding(known: Finding | undefined, incoming: Finding): MergeResult {
  const before = known ? statementsOf(known) : []
  const after = statementsOf(incoming).reduce(withStatement, before)
  const finding = combine(after)
  if (!known) return { finding, changed: true, because: 'new' }
  const changed = canonicalJson(known) !== canonicalJson(finding)
  return { finding, changed, because: causeOf(known, incoming, finding, changed) }
}

function causeOf(known: Finding, incoming: Finding, finding: Finding, changed: boolean): MergeCause {
  if (!changed) return isStated(finding, incoming) ? 'same' : 'older'
  if (finding.status !== known.status) return causeOfStatus[finding.status]
  if (finding.updatedAt !== known.updatedAt) return 'newer'
  return canonicalJson(factsOf(known)) === canonicalJson(factsOf(finding)) ? 'new-copy' : 'enriched'
}

const causeOfStatus = { closed: 'closed', suppressed: 'suppressed', active: 'reopened' } as const

function isStated(finding: Finding, incoming: Finding): boolean {
  const texts = new Set(statementsOf(finding).map((statement) => canonicalJson(statement)))
  return statementsOf(incoming).every((statement) => texts.has(canonicalJson(statement)))
}

function factsOf(finding: Finding): Facts {
  const { copies: _, ...facts } = finding
  return facts
}

function statementsOf(finding: Finding): Statement[] {
  const facts = factsOf(finding)
  return finding.copies.map(({ format, nativeId, updatedAt, differs = {} }) => {
    const own: Record<string, unknown> = { ...facts, ...(updatedAt === undefined ? {} : { updatedAt }), ...differs }
    const stated = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null))
    const parsed = Facts.safeParse(stated)
    return { format, nativeId, facts: parsed.success ? parsed.data : facts }
  })
}

/** The statements with `incoming` replacing its format's, if newer. */
function withStatement(statements: readonly Statement[], incoming: Statement): Statement[] {
  const known = statements.find(({ format }) => format === incoming.format)
  if (known && !outranks(incoming, known)) return [...statements]
  return [...statements.filter((statement) => statement !== known), incoming]
}

/** A total order within one format, so that ties fall the same way whichever came first. */
function outranks(left: Statement, right: Statement): boolean {
  const order =
    byText(left.facts.updatedAt, right.facts.updatedAt) ||
    statusOrder.indexOf(right.facts.status) - statusOrder.indexOf(left.facts.status) ||
    byText(canonicalJson(left), canonicalJson(right))
  return order > 0
}

/** The finding that the statements make, in any order. */
function combine(statements: readonly Statement[]): Finding {
  const ranked = [...statements].sort(
    (left, right) =>
      byText(right.facts.updatedAt, left.facts.updatedAt) ||
      formatOrder.indexOf(left.format) - formatOrder.indexOf(right.format),
  )
  const all = ranked.map((statement) => statement.facts)
  const facts = combineFacts(all)
  const copies = [...ranked]
    .sort((left, right) => formatOrder.indexOf(left.format) - formatOrder.indexOf(right.format))
    .map((statement) => copyOf(statement, facts))
  return { ...facts, copies }
}

function combineFacts(all: readonly Facts[]): Facts {
  // Newest last, so that it wins; a field it lacks keeps the next newest value.
  const facts = all.reduceRight(overlay)
  const newestAt = facts.updatedAt
  const resource = all.map((each) => each.resource).reduceRight(combineResources)
  const statuses = all.filter((each) => each.updatedAt === newestAt).map((each) => each.status)
  const combined = {
    ...facts,
    status: statusOrder.find((status) => statuses.includes(status)) ?? facts.status,
    title: firstStated(all.map((each) => each.title)),
    description: firstStated(all.map((each) => each.description)),
    severity: combineSeverity(all.map((each) => each.severity)),
    relatedVulnerabilityIds: [...new Set(all.flatMap((each) => each.relatedVulnerabilityIds))].sort(byText),
    resource,
    packages: combinePackages(all.map((each) => each.packages)).map((entry) => ({
      ...entry,
      isPatchable: isPatchablePackage(entry.manager, resource),
    })),
    cvss: combineCvss(all.flatMap((each) => each.cvss)),
    firstObservedAt: all.map((each) => each.firstObservedAt).sort(byText)[0] ?? facts.firstObservedAt,
    lastObservedAt:
      all
        .map((each) => each.lastObservedAt)
        .sort(byText)
        .at(-1) ?? facts.lastObservedAt,
    flags: [...new Set(all.flatMap((each) => each.flags))].sort(byText),
  }
  return { ...combined, route: routeOf(combined) }
}

/** The newest value; if that is `unknown`, an older one may raise it but never lower it. */
const combineSeverity = (newestFirst: readonly Facts['severity'][]): Facts['severity'] => {
  const [newest = 'unknown', ...older] = newestFirst
  if (newest !== 'unknown') return newest
  return older.find((severity) => severity === 'critical' || severity === 'high' || severity === 'medium') ?? 'unknown'
}

const firstStated = (texts: readonly string[]) => texts.find((text) => text !== '') ?? ''

const combineResources = (older: Facts['resource'], newer: Facts['resource']): Facts['resource'] => ({
  ...older,
  ...newer,
  tags: { ...older.tags, ...newer.tags },
})

/** The newest statement's packages with details filled in, then packages that only an older statement names. */
function combinePackages(newestFirst: readonly (readonly FindingPackage[])[]): FindingPackage[] {
  return newestFirst.reduce<FindingPackage[]>((kept, older) => {
    const filled = kept.map((entry) => fillPackage(entry, older))
    const named = new Set(filled.map(({ name }) => name))
    return [...filled, ...older.filter(({ name }) => !named.has(name))]
  }, [])
}

function fillPackage(entry: FindingPackage, older: readonly FindingPackage[]): FindingPackage {
  const twins = older.filter((other) => other.name === entry.name && other.installedVersion === entry.installedVersion)
  const twin = twins.find((other) => other.filePath === entry.filePath) ?? (twins.length === 1 ? twins[0] : undefined)
  // Text is checked by the grammar of its manager, so texts of two managers never mix in one package: unchecked text
  // would become a command parameter (B1, B2).
  if (twin?.manager === entry.manager) return { ...twin, ...entry }
  return twin !== undefined && entry.manager === 'UNKNOWN' ? twin : entry
}

/** One entry per vector, preferably with a named source. */
function combineCvss(all: Facts['cvss']): Facts['cvss'] {
  const named = new Set(all.filter(({ source }) => source !== 'UNKNOWN').map(({ vector }) => vector))
  const kept = new Map<string, Facts['cvss'][number]>()
  for (const entry of all) {
    if (entry.source === 'UNKNOWN' && named.has(entry.vector)) continue
    const key = `${entry.vector} ${entry.source}`
    if (!kept.has(key)) kept.set(key, entry)
  }
  return [...kept.values()]
}

const overlay = (older: Facts, newer: Facts): Facts => ({ ...older, ...newer })

const jsonOf = (value: unknown) => z.json().parse(JSON.parse(canonicalJson(value)))

function copyOf({ format, nativeId, facts }: Statement, combined: Facts): FindingCopy {
  const differs: NonNullable<FindingCopy['differs']> = {}
  const own = new Map<string, unknown>(Object.entries(facts))
  const shared = new Map<string, unknown>(Object.entries(combined))
  for (const field of new Set([...own.keys(), ...shared.keys()])) {
    if (field === 'updatedAt') continue
    const value = own.get(field) ?? null
    if (canonicalJson(value) !== canonicalJson(shared.get(field) ?? null)) differs[field] = jsonOf(value)
  }
  const isSame = Object.keys(differs).length === 0
  return { format, nativeId, updatedAt: facts.updatedAt, ...(isSame ? {} : { differs }) }
}
