/** Follows generated findings from their delivery to the parameter of a command, and fails where one is lost or does harm. */

import { documentContent } from '../../../../documents/index.ts'
import { coalesce } from '../../../../functions/changes/coalesce.ts'
import { riskFacts } from '../../../../functions/changes/risk-facts.ts'
import { Finding, FindingRecord } from '../../../../functions/finding/finding.ts'
import { grammarOf } from '../../../../functions/finding/text.ts'
import { importFile } from '../../../../functions/intake/import.ts'
import { normaliseDocument } from '../../../../functions/intake/normalise.ts'
import { type Received, receiveFindings } from '../../../../functions/intake/receive-findings.ts'
import type { Refusal } from '../../../../functions/intake/refusals.ts'
import { keys } from '../../../../functions/kit/keys.ts'
import { packagesOf } from '../../../../functions/planning/manifest.ts'
import { assess } from '../../../../functions/risk/assess.ts'
import { Assessment } from '../../../../functions/risk/assessment.ts'
import { anyAsset } from '../../planning/any-asset.ts'
import { anyPolicy, anyService } from '../../validation/builders.ts'
import { context, digest, memoryPorts } from '../intake-fixtures.ts'
import { type Delivery, hubAccount } from './any-delivery.ts'

export interface Tally {
  /** Findings generated: the records of all deliveries. */
  records: number
  /** One for each resource of a finding; a record without any that can be told is one as well. */
  items: number
  recorded: number
  merged: number
  refused: Map<string, number>
  parameters: number
}

export const emptyTally = (): Tally => ({
  records: 0,
  items: 0,
  recorded: 0,
  merged: 0,
  refused: new Map(),
  parameters: 0,
})

export class Lost extends Error {}

function demand(isSo: boolean, what: () => string): asserts isSo {
  if (!isSo) throw new Lost(what())
}

export const followPorts = () => ({ ...memoryPorts(), account: hubAccount })
type Ports = ReturnType<typeof followPorts>

/** How many items a record gives by itself; what is no JSON gives one refusal. */
const itemsAlone = (text: string) => normaliseDocument(JSON.parse(text), context).length

export async function follow(delivery: Delivery, ports: Ports, tally: Tally): Promise<void> {
  const { alone, isCut, door } = delivery
  const { recorded, refused } =
    door === 'queue' ? await receive(delivery.text, ports) : await importAll(delivery, ports)
  for (const { detail } of refused) demand(detail !== '', () => 'a refusal without a reason')
  tally.records += alone.length
  if (isCut) demand(refused.length > 0, () => 'a text that is cut off is taken for a whole one')
  else {
    const expected = alone.reduce((sum, text) => sum + itemsAlone(text), 0)
    const got = recorded.length + refused.length
    const isWhole = refused.length === 1 && recorded.length === 0 && !/\d/.test(refused[0]?.at ?? '')
    demand(got === expected || isWhole, () => `${got} outcomes for ${expected} findings`)
  }
  tally.items += recorded.length + refused.length
  for (const { refused: code } of refused) tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1)
  for (const { findingId, outcome } of recorded) {
    if (outcome === 'recorded') tally.recorded++
    else tally.merged++
    if (outcome === 'unchanged') continue
    const stored = await ports.ledger.read(FindingRecord, keys.finding(findingId))
    demand(stored !== undefined, () => `${findingId} was ${outcome} and is not in the ledger`)
    tally.parameters += decide(stored.value)
  }
}

/** What is put aside is what was refused, each with its reason. */
async function receive(text: string, ports: Ports): Promise<Received> {
  const before = ports.refusals.kept.length
  const received = await receiveFindings(text, ports)
  const kept = ports.refusals.kept.slice(before)
  demand(
    kept.length === received.refused.length,
    () => `${kept.length} put aside of ${received.refused.length} refused`,
  )
  return received
}

/** A file as `drydock findings import` sends it: what it shows as findings is what intake records. */
async function importAll({ text }: Delivery, ports: Ports): Promise<Received> {
  const { items, details } = importFile(text, context)
  const recorded: Received['recorded'][number][] = []
  for (const detail of details) {
    const head = { source: 'drydock.import', 'detail-type': 'Drydock Findings Imported', account: hubAccount }
    recorded.push(...(await receive(JSON.stringify({ ...head, detail: JSON.parse(detail) }), ports)).recorded)
  }
  const shown = items.flatMap((item) => ('finding' in item ? [item.finding.findingId] : [])).sort()
  const taken = recorded.map(({ findingId }) => findingId).sort()
  demand(shown.join() === taken.join(), () => `shown are ${shown.join()}, recorded ${taken.join()}`)
  const refused = items.filter((item): item is Refusal => 'refused' in item)
  return { recorded, refused }
}

const policy = anyPolicy()
const risk = { ...policy.risk, tables: ['cisa-bod-26-04', 'cisa-coordinator', 'ssvc-deployer'] as const }
const service = anyService()
const now = new Date(context.nowMs).toISOString()
const feed = { version: '1', date: now, checkedAt: now }
const intel = [{ cveId: 'CVE-2026-1111', feeds: { kev: feed }, vulnrichment: { automatable: 'no' as const } }]
const assets = { dpkg: anyAsset({ platform: 'ubuntu' }), rpm: anyAsset({ platform: 'rhel' }) }

const packagesPattern = new RegExp(documentContent('Drydock-Install').parameters.packages?.allowedPattern ?? '(?!)')
/** Not the blank and the sign of equality, which the parameter is made with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what must not be there.
const shellCharacters = /[;&|`$(){}<>\\'"!*?[\]#%\n\r\t\u0000]/
const hostId = /^(?:i|mi)-(?:[0-9a-f]{8}|[0-9a-f]{17})$/

/** Decides about a finding and makes the parameter of the command that would mend it; returns how many were made. */
function decide(finding: Finding): number {
  demand(Finding.safeParse(finding).success, () => `${finding.findingId} is no finding of the schema`)
  const facts = riskFacts({ finding, service, intel, isReachable: false, now, feedAgeHoursMax: risk.feedAgeHoursMax })
  const assessment = assess(finding.findingId, facts, { ...risk, tables: [...risk.tables] }, digest)
  demand(Assessment.safeParse(assessment).success, () => `${finding.findingId} has no whole assessment`)
  const isWindows = grammarOf(finding.resource.platform) === 'windows'
  const decided = coalesce({
    finding,
    assessment,
    service,
    isWindows,
    open: undefined,
    policy,
    at: now,
    newChangeId: '01J00000000000000000CHANGE',
  })
  if (!('change' in decided)) return 0
  demand(hostId.test(finding.resource.id), () => `${finding.resource.id} is no host`)
  // Windows is patched by KB numbers from a list: its packages are never a parameter.
  if (isWindows) return 0
  const asset = grammarOf(finding.resource.platform) === 'rpm' ? assets.rpm : assets.dpkg
  const manifest = packagesOf(decided.change, [asset])
  demand('packages' in manifest, () => 'one host with versions of two kinds')
  const parameter = manifest.packages.map(({ name, version }) => `${name}=${version}`).join(' ')
  demand(!shellCharacters.test(parameter), () => `a shell would read ${JSON.stringify(parameter)}`)
  demand(parameter.split(' ').length === manifest.packages.length, () => `not one word each: ${parameter}`)
  demand(packagesPattern.test(parameter), () => `no document takes ${JSON.stringify(parameter)}`)
  return 1
}
