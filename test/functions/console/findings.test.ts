import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { findingsApp } from '../../../functions/console/findings.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { recordFindings, refreshPorts } from '../intel/any-feeds.ts'

async function withOne(over: Parameters<typeof anyFinding>[0] = {}) {
  const { ledger } = refreshPorts()
  await recordFindings(ledger, [anyFinding(over)])
  const app = findingsApp(ledger)
  return {
    page: await (await app.request('/findings')).text(),
    file: await (await app.request('/findings.csv')).text(),
  }
}
const openssl = anyFinding().packages[0]

describe('10.3 the list of findings', () => {
  it.each([
    ['the id of a vulnerability, whole', {}, /<strong class="whole">CVE-2026-1111</u],
    [
      'the title where there is no id',
      { vulnerabilityId: undefined, title: 'Port 22 is open' },
      /<strong>Port 22 is open</u,
    ],
    ['a package with the version that fixes it', {}, /openssl → 3\.0\.2-2/u],
    ['a severity that is critical, loudly', { severity: 'critical' }, /<strong class="bad">critical/u],
    ['a severity that is high, loudly', {}, /<strong class="bad">high/u],
    ['where it goes', { route: 'image-rebuild' }, /image-rebuild/u],
  ] satisfies readonly (readonly [string, Parameters<typeof anyFinding>[0], RegExp])[])(
    'has %s',
    async (_, over, text) => {
      expect((await withOne(over)).page).toMatch(text)
    },
  )

  it('has a severity below high without a mark, and no arrow where nothing fixes a package', async () => {
    const { page } = await withOne({
      severity: 'medium',
      packages: openssl ? [{ ...openssl, fixedVersion: undefined }] : [],
    })
    expect(page).not.toMatch(/class="bad">medium|→/u)
    expect(page).toContain('openssl')
  })

  it('says where findings come from while there is none', async () => {
    const page = await (await findingsApp(refreshPorts().ledger).request('/findings')).text()
    expect(page).toContain('No findings yet')
  })
})

describe('10.3 the file of findings', () => {
  it('has one row a finding under its names', async () => {
    const rows: Record<string, string>[] = parse((await withOne()).file, { columns: true, bom: true })
    expect(rows).toEqual([
      expect.objectContaining({
        vulnerability: 'CVE-2026-1111',
        packages: 'openssl → 3.0.2-2',
        severity: 'high',
        route: 'patch',
      }),
    ])
  })

  it('leaves the vulnerability empty where there is none: the title has its own column', async () => {
    const { file } = await withOne({ vulnerabilityId: undefined, title: 'Port 22 is open' })
    const rows: Record<string, string>[] = parse(file, { columns: true, bom: true })
    expect(rows[0]).toMatchObject({ vulnerability: '', title: 'Port 22 is open' })
  })
})
