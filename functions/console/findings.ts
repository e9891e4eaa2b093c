/** The ledger's findings, as a page and as a file for spreadsheets. */
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { type Finding, FindingRecord } from '../finding/index.ts'
import { excerpt, shown } from '../kit/display-text.ts'
import { lists } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { readPage } from '../kit/list-page.ts'
import { csvTable } from './csv.ts'
import { badge, type ConsoleVariables, dataTable, instant, page } from './layout.ts'
import { afterOf, nextAddress, pageLinks } from './paging.ts'

const findingsShownMax = 100
/** About 3 MB, half of what a Lambda may answer. */
const findingsFiledMax = 10_000
const fileHead = ['finding', 'vulnerability', 'title', 'resource', 'packages', 'severity', 'status', 'route', 'updated']

export function findingsApp(ledger: Ledger) {
  const app = new Hono<ConsoleVariables>()
  app.get('/findings', async (context) => {
    const found = await readPage(ledger, FindingRecord, lists.findings, {
      limit: findingsShownMax,
      after: afterOf(context),
    })
    const body = html`<p><a href="/findings.csv" download>All findings for a spreadsheet (CSV)</a></p>
${dataTable(
  'Active findings first, then by day first seen',
  ['Vulnerability', 'Resource', 'Packages', 'Severity', 'Status', 'Goes to', 'Last seen'],
  found.values.map(findingRow),
  'No findings yet. They come from Inspector and Security Hub, or from “drydock findings import”.',
)}${pageLinks('/findings', found)}`
    return context.html(page({ title: 'Findings', nonce: context.get('cspNonce'), place: '/findings', body }))
  })
  app.get('/findings.csv', async (context) => {
    const { values, next } = await readPage(ledger, FindingRecord, lists.findings, {
      limit: findingsFiledMax,
      after: afterOf(context),
    })
    const more = next === undefined ? undefined : nextAddress('/findings.csv', next)
    // A truncated file says so in its last row.
    const rows = [...values.map(fileRow), ...(more === undefined ? [] : [[`There are more: ${more}`]])]
    return context.body(csvTable(fileHead, rows), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="findings.csv"',
      ...(more === undefined ? {} : { link: `<${more}>; rel="next"` }),
    })
  })
  return app
}

const findingRow = (finding: Finding) => [
  html`<strong${finding.vulnerabilityId ? raw(' class="whole"') : ''}>${excerpt(finding.vulnerabilityId ?? finding.title)}</strong>`,
  shown(finding.resource.id),
  packagesText(finding) || '-',
  ['critical', 'high'].includes(finding.severity)
    ? html`<strong class="bad">${finding.severity}</strong>`
    : finding.severity,
  badge(finding.status),
  finding.route,
  instant(finding.lastObservedAt),
]

const fileRow = (finding: Finding) => [
  finding.findingId,
  finding.vulnerabilityId ?? '',
  finding.title,
  finding.resource.id,
  packagesText(finding),
  finding.severity,
  finding.status,
  finding.route,
  finding.updatedAt,
]

const packagesText = ({ packages }: Finding) =>
  packages
    .map(({ name, fixedVersion }) => `${shown(name)}${fixedVersion ? ` → ${shown(fixedVersion)}` : ''}`)
    .join(', ')
