import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyConsole } from './any-console.ts'

const id = (prefix: string, index: number) => `${prefix}${String(index).padStart(25, '0')}`

async function withMany(count: number) {
  const set = await anyConsole()
  for (let index = 0; index < count; index++) {
    const finding = anyFinding({ findingId: id('F', index), vulnerabilityId: `CVE-2026-${1000 + index}` })
    const list = { pk: lists.findings, sk: `active#${id('', index)}` }
    await set.put('finding', keys.finding(finding.findingId), 0, finding, list)
    const change = anyChange({ changeId: id('1', index), state: 'closed' })
    const sk = `ended#${change.changeId}`
    await set.put('change', keys.change(change.changeId), 0, change, { pk: lists.changes, sk })
  }
  /** Follows "Next page" to the end; the texts of all pages. */
  const walk = async (path: string) => {
    const pages: string[] = []
    for (let next: string | undefined = path; next !== undefined; ) {
      const text: string = await (await set.get(next)).text()
      pages.push(text)
      next = /rel="next" href="([^"]+)"/.exec(text)?.[1]
    }
    return pages
  }
  return { ...set, walk }
}

describe('10.3 paging', () => {
  it('shows each finding and each change once, over pages of a hundred', async () => {
    const { walk } = await withMany(230)
    const findings = await walk('/findings')
    expect(findings).toHaveLength(3)
    const seen = findings.flatMap((page) => [...page.matchAll(/<strong[^>]*>(CVE-2026-\d+)</g)].map(([, cve]) => cve))
    expect([seen.length, new Set(seen).size]).toEqual([230, 230])
    const changes = await walk('/')
    expect(changes).toHaveLength(3)
    expect(changes[1]).toContain('First page')
    expect(changes[1]).not.toContain('<h2>Open</h2>')
    expect(new Set(changes.flatMap((page) => page.match(/\/changes\/\w{26}/g) ?? [])).size).toBe(231)
  })

  it('offers no next page where there is none', async () => {
    const { walk } = await withMany(100)
    expect(await walk('/findings')).toHaveLength(1)
  })

  it.each(['', 'zzz', '%00', `x${'y'.repeat(400)}`, 'a%27%20OR%201=1'])(
    'takes %j as a place in the list, or as none',
    async (after) => {
      const { get } = await withMany(1)
      expect((await get(`/findings?after=${after}`)).status).toBe(200)
    },
  )

  it('a file that stops early says so, and where it goes on', async () => {
    const { get, ledger } = await withMany(1)
    const { list } = ledger
    // As if the ledger were larger than a file may be.
    ledger.list = async (kind, pk, options) => {
      const [first] = await list(kind, pk, options)
      return first ? Array.from({ length: options?.limit ?? 1 }, () => first) : []
    }
    const file = await get('/findings.csv')
    const rows: string[][] = parse(await file.text(), { relax_column_count: true })
    expect(rows.at(-1)).toEqual([expect.stringContaining('There are more: /findings.csv?after=active%23')])
    expect(file.headers.get('link')).toContain('rel="next"')
  })
})
