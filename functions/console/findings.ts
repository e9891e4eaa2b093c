/** Findings as the ledger has them, as a page and as a file for spreadsheets. */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { csvTable } from './csv.ts'
import { badge, type ConsoleVariables, dataTable, page } from './layout.ts'
import { instantText, shown } from './text.ts'

const findingsShownMax = 500
const findingsFiledMax = 5_000

export function findingsApp(ledger: Ledger) {
  const app = new Hono<ConsoleVariables>()
  const read = async (limit: number) =>
    (await ledger.list(FindingRecord, lists.findings, { limit })).map(({ value }) => value)
  app.get('/findings', async (context) => {
    const findings = await read(findingsShownMax)
    const body = html`<p><a href="/findings.csv" download>For a spreadsheet (CSV)</a></p>
${dataTable(
  findings.length === findingsShownMax ? `The first ${findingsShownMax}, active ones on top` : 'Active ones on top',
  ['Vulnerability', 'Resource', 'Packages', 'Severity', 'Status', 'Goes to', 'Seen last'],
  findings.map((finding) => [
    html`<strong>${shown(finding.vulnerabilityId ?? finding.title)}</strong>`,
    shown(finding.resource.id),
    packagesOf(finding),
    finding.severity,
    badge(finding.status),
    finding.route,
    instantText(finding.lastObservedAt),
  ]),
)}`
    return context.html(page({ title: 'Findings', nonce: context.get('cspNonce'), place: '/findings', body }))
  })
  app.get('/findings.csv', async (context) => {
    const head = ['finding', 'vulnerability', 'title', 'resource', 'packages', 'severity', 'status', 'route', 'updated']
    const rows = (await read(findingsFiledMax)).map((finding) => [
      finding.findingId,
      finding.vulnerabilityId ?? '',
      finding.title,
      finding.resource.id,
      packagesOf(finding),
      finding.severity,
      finding.status,
      finding.route,
      finding.updatedAt,
    ])
    return context.body(csvTable(head, rows), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="findings.csv"',
    })
  })
  return app
}

const packagesOf = ({ packages }: Finding) =>
  packages
    .map(({ name, fixedVersion }) => `${shown(name)}${fixedVersion ? ` → ${shown(fixedVersion)}` : ''}`)
    .join(', ') || '-'
