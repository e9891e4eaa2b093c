/** Feeds as their publishers write them, read strictly: a file that is not whole is refused with the reason. */
import * as z from 'zod'
import type { CveIntel } from './ports.ts'

export type Parsed<Row> =
  | { readonly version: string; readonly date: string; readonly rows: ReadonlyMap<string, Row> }
  | { readonly refused: string }

const cve = /^CVE-\d{4}-\d{4,}$/
const KevRow = z.object({
  cveID: z.string().transform((text) => text.trim()),
  dateAdded: z.iso.date(),
  knownRansomwareCampaignUse: z.string().optional(),
  forensicTriage: z.string().optional(),
})
const KevCatalog = z.object({
  catalogVersion: z.string(),
  dateReleased: z.string(),
  count: z.number().int(),
  vulnerabilities: z.array(KevRow),
})
export type Kev = NonNullable<CveIntel['kev']>

/** @see https://www.cisa.gov/known-exploited-vulnerabilities-catalog */
export function parseKev(text: string): Parsed<Kev> {
  const parsed = KevCatalog.safeParse(json(text))
  if (!parsed.success) return { refused: `not a KEV catalogue: ${z.prettifyError(parsed.error).split('\n')[0]}` }
  const { catalogVersion, dateReleased, count, vulnerabilities } = parsed.data
  if (count !== vulnerabilities.length)
    return { refused: `the catalogue says ${count} rows and holds ${vulnerabilities.length}: truncated` }
  const wrong = vulnerabilities.find(({ cveID }) => !cve.test(cveID))
  if (wrong) return { refused: `${wrong.cveID} is no CVE id` }
  const rows = vulnerabilities.map(
    (row) =>
      [
        row.cveID,
        {
          dateAdded: row.dateAdded,
          forensicTriage: row.forensicTriage?.trim().toLowerCase() === 'yes',
          ransomware: row.knownRansomwareCampaignUse?.trim() === 'Known',
        },
      ] as const,
  )
  return { version: catalogVersion, date: dateReleased, rows: new Map(rows) }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export type Epss = NonNullable<CveIntel['epss']>
const epssHead = /^#model_version:([^,]+),score_date:(\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** @see https://www.first.org/epss/data_stats */
export function parseEpss(text: string): Parsed<Epss> {
  const lines = text.split('\n')
  const [, model, date] = epssHead.exec((lines[0] ?? '').trim()) ?? []
  if (!model || !date) return { refused: 'the first line does not name model_version and score_date' }
  if ((lines[1] ?? '').trim() !== 'cve,epss,percentile')
    return { refused: `the second line is "${(lines[1] ?? '').slice(0, 60)}", not cve,epss,percentile` }
  if (lines.at(-1) !== '') return { refused: 'the last line is not ended: truncated' }
  const rows = new Map<string, Epss>()
  for (let index = 2; index < lines.length - 1; index++) {
    const [id = '', epss = '', percentile = ''] = (lines[index] ?? '').trim().split(',')
    const probability = Number(epss)
    if (!cve.test(id) || epss === '' || !(probability >= 0 && probability <= 1))
      return { refused: `line ${index + 1} is no score: "${(lines[index] ?? '').slice(0, 60)}"` }
    rows.set(id, { probability, percentile: Number(percentile) })
  }
  return { version: `${model}/${date}`, date, rows }
}

const Ssvc = z.object({
  type: z.literal('ssvc'),
  content: z.object({ timestamp: z.string().optional(), options: z.array(z.record(z.string(), z.string())) }),
})
const CveRecord = z.object({
  cveMetadata: z.object({ cveId: z.string(), dateUpdated: z.string().optional() }),
  containers: z.object({
    adp: z
      .array(
        z.object({
          title: z.string().optional(),
          metrics: z.array(z.looseObject({ other: z.unknown().optional() })).optional(),
        }),
      )
      .optional(),
  }),
})
export type Vulnrichment = NonNullable<CveIntel['vulnrichment']>

/** The SSVC options of CISA's ADP container; letter case varies in the wild. @see https://github.com/cisagov/vulnrichment */
export function parseVulnrichment(text: string): Parsed<Vulnrichment> {
  const record = CveRecord.safeParse(json(text))
  if (!record.success) return { refused: `not a CVE record: ${z.prettifyError(record.error).split('\n')[0]}` }
  const { cveMetadata, containers } = record.data
  const ssvc = (containers.adp ?? [])
    .filter(({ title }) => title === 'CISA ADP Vulnrichment')
    .flatMap(({ metrics }) => metrics ?? [])
    .flatMap(({ other }) => {
      const parsed = Ssvc.safeParse(other)
      return parsed.success ? [parsed.data.content] : []
    })[0]
  const date = ssvc?.timestamp ?? cveMetadata.dateUpdated ?? 'unknown'
  if (!ssvc) return { version: date, date, rows: new Map() }
  const option = (name: string) =>
    ssvc.options
      .flatMap((entry) => Object.entries(entry))
      .find(([key]) => key.toLowerCase() === name)?.[1]
      .toLowerCase()
  const [automatable, technicalImpact, exploitation] = [
    option('automatable'),
    option('technical impact'),
    option('exploitation'),
  ]
  const row: Vulnrichment = {
    ...(automatable === 'yes' || automatable === 'no' ? { automatable } : {}),
    ...(technicalImpact === 'partial' || technicalImpact === 'total' ? { technicalImpact } : {}),
    ...(exploitation === 'none' || exploitation === 'poc' || exploitation === 'active' ? { exploitation } : {}),
  }
  return { version: date, date, rows: new Map([[cveMetadata.cveId, row]]) }
}
