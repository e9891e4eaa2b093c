/** Turns a draft into findings, one for each resource, through checks that all formats share. */
import { cleanText, type Finding, parseTimestamp, quoted, routeOf } from '../finding/index.ts'
import { canonicalJson } from '../kit/json.ts'
import type { Draft, Envelope } from './draft.ts'
import { type CheckedPackages, checkPackages } from './draft-packages.ts'
import { type CheckedResource, checkResource } from './draft-resource.ts'
import { checkCvss, checkEpss, checkReachability } from './draft-scores.ts'
import { textOf } from './fields.ts'
import { type Refusal, refuse } from './refusals.ts'

/** What normalising needs besides the document. */
export interface NormaliseContext {
  readonly nowMs: number
  /** SHA-256 of a text in hex. */
  readonly digest: (text: string) => string
  /** The account that every finding must belong to. */
  readonly expectedAccount?: string
  /**
   * Accounts whose events may carry other accounts' findings: the organisation's Security Hub or Inspector
   * administrator.
   */
  readonly aggregators?: readonly string[]
}

/** A finding, or the refusal of a record. */
export type NormalisedItem = { readonly finding: Finding } | Refusal

const resourcesMax = 100
const accountForm = /^\d{12}$/
const regionForm = /^[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}$/
const inspectorArn = /arn:aws[a-z-]{0,12}:inspector2:[a-z0-9-]{1,32}:\d{12}:finding\/[A-Za-z0-9-]{8,64}$/
const vulnerabilityForm = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/

/** The findings of a draft, or its first refusal. */
export function finishDraft(draft: Draft, envelope: Envelope, context: NormaliseContext): NormalisedItem[] {
  const { resources, at } = draft
  if (resources.length === 0) return [refuse('UNREADABLE', at, 'a finding without resources')]
  if (resources.length > resourcesMax)
    return [refuse('TOO_LARGE', at, `${resources.length} resources in one finding; at most ${resourcesMax} are read`)]
  return resources.map((resource) => {
    const checked = checkResource(resource)
    if ('refused' in checked) return checked
    return finishOne(draft, checked, envelope, context)
  })
}

function finishOne(
  draft: Draft,
  { resource, account: resourceAccount, flags }: CheckedResource,
  envelope: Envelope,
  context: NormaliseContext,
): NormalisedItem {
  const account = accountOf(draft, resourceAccount, envelope, context)
  if (typeof account !== 'string') return account
  const region = regionOf(draft)
  if (region === undefined) return refuse('UNREADABLE', draft.at, 'a finding without a region')
  const packages = checkPackages(draft.packages, resource, draft.at)
  if ('refused' in packages) return packages
  const times = timesOf(draft, context.nowMs)
  if ('refused' in times) return times
  const ids = vulnerabilityIds(draft)
  if (draft.type === 'package-vulnerability' && ids.length === 0)
    return refuse('UNREADABLE', draft.at, 'a package vulnerability without an id such as CVE-2024-1234')
  const facts = { account, region, resource, ids, times, packages, flags }
  return checkedFinding(draft, facts, context)
}

interface CheckedFacts {
  readonly account: string
  readonly region: string
  readonly resource: Finding['resource']
  readonly ids: readonly string[]
  readonly times: Times
  readonly packages: CheckedPackages
  readonly flags: readonly string[]
}

function checkedFinding(draft: Draft, facts: CheckedFacts, context: NormaliseContext): NormalisedItem {
  const { times, packages, resource, ids } = facts
  const [vulnerabilityId, ...related] = ids
  const title = cleanText(textOf(draft.title) ?? vulnerabilityId ?? draft.type, 1024)
  const description = cleanText(textOf(draft.description) ?? '', 4096, { keepsLines: true })
  const scores = checkCvss(draft.cvss)
  const { epss, flags: epssFlags } = checkEpss(draft.epss)
  const { reachability, flags: portFlags } = checkReachability(draft.reachability)
  const nativeId = cleanText(textOf(draft.nativeId) ?? '', 2048).text
  const { account } = facts
  // Every field was checked above or is our own; the fuzzing run checks each finding against its schema.
  const finding: Finding = {
    findingId: `F${context.digest(identityOf(draft, { account, resource, ids, nativeId, reachability })).slice(0, 25)}`,
    copies: [{ format: draft.format, nativeId, updatedAt: times.updatedAt }],
    account,
    region: facts.region,
    type: draft.type,
    relatedVulnerabilityIds: related.length === 0 ? [] : relatedIds(related, vulnerabilityId),
    title: title.text,
    description: description.text,
    resource,
    packages: packages.packages,
    cvss: scores.cvss,
    severity: draft.severity ?? 'unknown',
    // An unknown status never closes a finding.
    status: draft.status ?? 'active',
    route: routeOf({ type: draft.type, resource, packages: packages.packages }),
    firstObservedAt: times.firstObservedAt,
    lastObservedAt: times.lastObservedAt,
    updatedAt: times.updatedAt,
    flags: sorted([
      facts.flags,
      packages.flags,
      title.flags,
      description.flags,
      scores.flags,
      epssFlags,
      portFlags,
      times.flags,
      draft.severity === undefined ? ['severity-unknown'] : [],
      draft.status === undefined ? ['status-unknown'] : [],
    ]),
  }
  if (vulnerabilityId !== undefined) finding.vulnerabilityId = vulnerabilityId
  if (reachability !== undefined) finding.reachability = reachability
  if (epss !== undefined) finding.epss = epss
  if (draft.isExploitAvailable !== undefined) finding.isExploitAvailable = draft.isExploitAvailable
  if (draft.isFixAvailable !== undefined) finding.isFixAvailable = draft.isFixAvailable
  return { finding }
}

const relatedIds = (related: readonly string[], vulnerabilityId: string | undefined) =>
  [...new Set(related)].filter((id) => id !== vulnerabilityId).sort()

const sorted = (flags: readonly (readonly string[])[]) =>
  flags.every((each) => each.length === 0) ? [] : [...new Set(flags.flat())].sort()

/** The account on which all sources agree, or the refusal (B16). */
function accountOf(
  draft: Draft,
  resourceAccount: string | undefined,
  envelope: Envelope,
  context: NormaliseContext,
): string | Refusal {
  const arn = textOf(draft.nativeId)?.split(':', 6) ?? []
  const isAggregated = context.aggregators?.includes(textOf(envelope.account?.value) ?? '') ?? false
  const stated = [
    ...draft.accounts,
    { value: arn[0] === 'arn' && accountForm.test(arn[4] ?? '') ? arn[4] : undefined, at: `${draft.at} (native id)` },
    ...(envelope.account && !isAggregated ? [envelope.account] : []),
    { value: resourceAccount, at: `${draft.at} (resource ARN)` },
    { value: context.expectedAccount, at: 'the account expected' },
  ].filter(({ value }) => value !== undefined && value !== null)
  const [first, ...others] = stated.map(({ value, at }) => ({ account: textOf(value) ?? '', at }))
  if (!first) return refuse('UNREADABLE', draft.at, 'a finding without an account')
  const bad = [first, ...others].find(({ account }) => !accountForm.test(account))
  if (bad) return refuse('UNREADABLE', bad.at, `account ${quoted(bad.account)} is not 12 digits`)
  const foreign = others.find(({ account }) => account !== first.account)
  if (!foreign) return first.account
  return refuse('FOREIGN_ACCOUNT', foreign.at, `${foreign.at} names ${foreign.account}, ${first.at} ${first.account}`)
}

function regionOf(draft: Draft): string | undefined {
  const arn = textOf(draft.nativeId)?.split(':', 5) ?? []
  const candidates = [
    arn[0] === 'arn' ? arn[3] : undefined,
    ...draft.regions,
    ...draft.resources.map((each) => each.region),
  ]
  return candidates.map(textOf).find((region) => region !== undefined && regionForm.test(region))
}

interface Times {
  readonly firstObservedAt: string
  readonly lastObservedAt: string
  readonly updatedAt: string
  readonly flags: readonly string[]
}

function timesOf(draft: Draft, nowMs: number): Times | Refusal {
  const flags: string[] = []
  const stated = draft.updatedAt.find(isStated)
  if (stated === undefined) return refuse('BAD_TIMESTAMP', draft.at, 'a finding without updatedAt')
  const updated = parseTimestamp(stated, nowMs)
  if ('refused' in updated) return refuse('BAD_TIMESTAMP', draft.at, `updatedAt ${quoted(stated)}: ${updated.detail}`)
  if (updated.isClamped) flags.push('updated-at-clamped')
  const observed = (candidates: readonly unknown[], name: string) => {
    const parsed = parseTimestamp(candidates.find(isStated), nowMs)
    if ('refused' in parsed) {
      flags.push(`${name}-missing`)
      return updated.iso
    }
    if (parsed.isClamped) flags.push(`${name}-clamped`)
    return parsed.iso
  }
  return {
    firstObservedAt: observed(draft.firstObservedAt, 'first-observed-at'),
    lastObservedAt: observed(draft.lastObservedAt, 'last-observed-at'),
    updatedAt: updated.iso,
    flags,
  }
}

const isStated = (value: unknown) => value !== undefined && value !== null && value !== ''

const vulnerabilityIds = (draft: Draft): string[] =>
  draft.vulnerabilityIds
    .map((id) => textOf(id)?.trim())
    .filter((id) => id !== undefined)
    .filter((id) => vulnerabilityForm.test(id))
    .slice(0, 200)

/** The identity of a finding across copies: Inspector's ARN, else account, resource and vulnerability. */
function identityOf(
  draft: Draft,
  facts: Pick<CheckedFacts, 'account' | 'resource' | 'ids'> & {
    readonly nativeId: string
    readonly reachability: Finding['reachability']
  },
): string {
  const arn = inspectorArn.exec(facts.nativeId)?.[0]
  if (arn !== undefined && draft.resources.length === 1) return arn
  if (arn !== undefined) return canonicalJson([arn, facts.resource.id])
  const matter = facts.ids[0] ?? facts.reachability ?? textOf(draft.title) ?? ''
  return canonicalJson([facts.account, facts.resource.id, draft.type, matter])
}
