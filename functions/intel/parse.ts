/** Parses feeds in their publishers' formats, strictly: an incomplete file is refused with the reason. */
import * as z from 'zod'
import { byTextOf } from '../kit/by-text.ts'
import { instantMs, isoInstant } from '../kit/time.ts'
import type { CveIntel } from './ports.ts'

export type Parsed<Row> =
  | { readonly version: string; readonly date: string; readonly rows: ReadonlyMap<string, Row> }
  | { readonly refused: string }

export type Kev = NonNullable<CveIntel['kev']>
export type Epss = NonNullable<CveIntel['epss']>
export type Vulnrichment = NonNullable<CveIntel['vulnrichment']>

const cvePattern = /^CVE-\d{4}-\d{4,19}$/
export const isCveId = (text: string) => cvePattern.test(text)

const shown = (text: string) => JSON.stringify(text.slice(0, 60))
const firstLine = (error: z.core.$ZodError) => z.prettifyError(error).split('\n').slice(0, 2).join(' ')

/** Values carry trailing blanks in the wild ("SimpleHelp "). */
const trimmed = z
  .string()
  .transform((text) => text.trim())
  .pipe(z.string().min(1))
const KevRow = z.object({
  cveID: trimmed.pipe(z.string().regex(cvePattern, 'no CVE id')),
  vendorProject: trimmed,
  product: trimmed,
  vulnerabilityName: trimmed,
  dateAdded: trimmed.pipe(z.iso.date()),
  shortDescription: z.string(),
  requiredAction: z.string(),
  dueDate: trimmed.pipe(z.iso.date()),
  knownRansomwareCampaignUse: z.string().optional(),
  forensicTriage: z.string().optional(),
})
const KevCatalog = z.object({
  catalogVersion: trimmed,
  dateReleased: trimmed,
  count: z.number().int(),
  vulnerabilities: z.array(KevRow),
})

/** Since September 2026 `Yes` or `No`; absent or empty on older rows. An unforeseen word counts as yes. */
const asksForTriage = (text = '') => !['', 'no'].includes(text.trim().toLowerCase())

function kevOf(row: z.infer<typeof KevRow>): Kev {
  return {
    dateAdded: row.dateAdded,
    forensicTriage: asksForTriage(row.forensicTriage),
    ransomware: row.knownRansomwareCampaignUse?.trim().toLowerCase() === 'known',
  }
}

/**
 * The catalogue of known exploited vulnerabilities.
 *
 * @returns rows by CVE id, `version` the catalogue's, `date` the instant of its release.
 * @see https://www.cisa.gov/known-exploited-vulnerabilities-catalog
 */
export function parseKev(text: string): Parsed<Kev> {
  const parsed = KevCatalog.safeParse(json(text))
  if (!parsed.success) return { refused: `not a complete KEV catalogue: ${firstLine(parsed.error)}` }
  const { catalogVersion, dateReleased, count, vulnerabilities } = parsed.data
  if (count !== vulnerabilities.length)
    return { refused: `the catalogue claims ${count} rows but has ${vulnerabilities.length}: truncated` }
  const date = instantOf(dateReleased)
  if (date === undefined) return { refused: `dateReleased ${shown(dateReleased)} is not an instant` }
  const rows = new Map<string, Kev>()
  for (const row of vulnerabilities) {
    if (rows.has(row.cveID)) return { refused: `the catalogue lists ${row.cveID} twice` }
    rows.set(row.cveID, kevOf(row))
  }
  return { version: catalogVersion, date, rows }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An instant in one form, so that text order is time order; undefined if the text is not an instant. */
function instantOf(text: string): string | undefined {
  try {
    return isoInstant(instantMs(text))
  } catch {
    return undefined
  }
}

const epssHead = /^#model_version:([^,\s]{1,40}),score_date:(\d{4}-\d{2}-\d{2})(T[0-9:.]{1,20}(?:Z|[+-]\d\d:?\d\d)?)?$/
const probabilityPattern = /^(?:0|1)(?:\.\d{1,20})?(?:[eE]-\d{1,2})?$/

/** The date of an EPSS file as an instant: with a time in UTC or with an offset, or the day alone. */
function epssDate(day: string, time = 'T00:00:00Z'): string | undefined {
  return instantOf(/[Z+-]/.test(time) ? `${day}${time}` : `${day}${time}Z`)
}

function epssRow(line: string): readonly [string, Epss] | undefined {
  const cells = line.split(',')
  const [cveId = '', probability = '', percentile = ''] = cells
  const isRow =
    cells.length === 3 && isCveId(cveId) && [probability, percentile].every((text) => probabilityPattern.test(text))
  if (!isRow || Number(probability) > 1 || Number(percentile) > 1) return undefined
  return [cveId, { probability: Number(probability), percentile: Number(percentile) }]
}

/**
 * A day's EPSS scores: a comment line with model and date, the head of the table, one line for each CVE.
 *
 * @returns rows by CVE id, `version` as `<model>/<day>`, `date` the instant of the scores.
 * @see https://www.first.org/epss/data_stats
 */
export function parseEpss(text: string): Parsed<Epss> {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const [comment = '', head = ''] = lines
  const [, model, day, time] = epssHead.exec(comment) ?? []
  const date = day === undefined ? undefined : epssDate(day, time)
  if (model === undefined || date === undefined)
    return { refused: `the first line ${shown(comment)} does not name model_version and score_date` }
  if (head !== 'cve,epss,percentile') return { refused: `the second line is ${shown(head)}, not cve,epss,percentile` }
  if (lines.at(-1) !== '') return { refused: 'the last line has no line end: truncated' }
  const rows = new Map<string, Epss>()
  for (let index = 2; index < lines.length - 1; index++) {
    const row = epssRow(lines[index] ?? '')
    if (!row) return { refused: `line ${index + 1} is not a score: ${shown(lines[index] ?? '')}` }
    if (rows.has(row[0])) return { refused: `line ${index + 1} names ${row[0]} a second time` }
    rows.set(...row)
  }
  return { version: `${model}/${day}`, date, rows }
}

const Ssvc = z.object({
  type: z.literal('ssvc'),
  content: z.object({ timestamp: z.string().optional(), options: z.array(z.object({}).catchall(z.string())) }),
})
const CveRecord = z.object({
  cveMetadata: z.object({ cveId: z.string().regex(cvePattern, 'no CVE id') }),
  containers: z.object({
    adp: z.array(z.object({ title: z.string().optional(), metrics: z.array(z.unknown()).optional() })).optional(),
  }),
})
const Metric = z.object({ other: Ssvc })

/** The newest SSVC decision of CISA's container. */
function ssvcOf({ containers }: z.infer<typeof CveRecord>): z.infer<typeof Ssvc>['content'] | undefined {
  return (containers.adp ?? [])
    .filter(({ title }) => title?.trim().toLowerCase() === 'cisa adp vulnrichment')
    .flatMap(({ metrics }) => metrics ?? [])
    .flatMap((metric) => {
      const parsed = Metric.safeParse(metric)
      return parsed.success ? [parsed.data.other.content] : []
    })
    .toSorted(byTextOf(({ timestamp = '' }) => timestamp))
    .at(-1)
}

/**
 * The SSVC values of one CVE record. Letter case varies ("poc", "Active", "Total"); a value unknown to SSVC counts as
 * missing.
 *
 * @returns the CVE's id and its values; none if CISA has not judged it yet.
 * @see https://github.com/cisagov/vulnrichment
 */
export function parseVulnrichment(
  text: string,
): { readonly cveId: string; readonly values?: Vulnrichment } | { readonly refused: string } {
  const record = CveRecord.safeParse(json(text))
  if (!record.success) return { refused: `not a CVE record: ${firstLine(record.error)}` }
  const { cveId } = record.data.cveMetadata
  const options = ssvcOf(record.data)?.options
  if (!options) return { cveId }
  const stated = new Map(options.flatMap(Object.entries<string>).map(([name, value]) => [norm(name), norm(value)]))
  const automatable = oneOf(stated.get('automatable'), ['yes', 'no'])
  const technicalImpact = oneOf(stated.get('technical impact'), ['partial', 'total'])
  const word = stated.get('exploitation')
  const exploitation = oneOf(word === 'public poc' ? 'poc' : word, ['none', 'poc', 'active'])
  return {
    cveId,
    values: {
      ...(automatable === undefined ? {} : { automatable }),
      ...(technicalImpact === undefined ? {} : { technicalImpact }),
      ...(exploitation === undefined ? {} : { exploitation }),
    },
  }
}

const norm = (text: string) => text.trim().toLowerCase()
const oneOf = <const Value extends string>(text: string | undefined, values: readonly Value[]): Value | undefined =>
  values.find((value) => value === text)
