import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { htmlText } from '../../../functions/console/layout.ts'
import { afterOf, nextAddress, pageLinks } from '../../../functions/console/paging.ts'
import { FindingRecord } from '../../../functions/finding/finding.ts'
import { lists } from '../../../functions/kit/keys.ts'
import { readPage } from '../../../functions/kit/list-page.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { recordFindings, refreshPorts } from '../intel/any-feeds.ts'

const ids = [1, 2, 3].map((digit) => `F${String(digit).repeat(25)}`)

async function withThree() {
  const { ledger } = refreshPorts()
  await recordFindings(
    ledger,
    ids.map((findingId) => anyFinding({ findingId })),
  )
  return async (limit: number, after?: string, newestFirst?: boolean) => {
    const page = await readPage(ledger, FindingRecord, lists.findings, {
      limit,
      after,
      ...(newestFirst ? { newestFirst } : {}),
    })
    return [page.values.map(({ findingId }) => ids.indexOf(findingId)), page.isFirst, page.next]
  }
}

describe('10.3 a page of a list', () => {
  const sk = (index: number) => `active#${ids[index]}`

  it('says where the next one starts', async () => {
    const read = await withThree()
    expect(await read(2)).toEqual([[0, 1], true, sk(1)])
    expect(await read(2, sk(1))).toEqual([[2], false, undefined])
  })

  it('has no next one where it holds just what is left', async () => {
    const read = await withThree()
    expect(await read(3)).toEqual([[0, 1, 2], true, undefined])
  })

  it('goes back in time where it is asked to', async () => {
    const read = await withThree()
    expect(await read(2, undefined, true)).toEqual([[2, 1], true, sk(1)])
  })
})

describe('10.3 where a page starts', () => {
  const app = new Hono()
  app.get('/', (context) => context.json({ after: afterOf(context) ?? 'first' }))

  it.each([
    ['/', 'first'],
    ['/?after=', 'first'],
    ['/?after=a%23b', 'a#b'],
    [`/?after=${'x'.repeat(300)}`, 'x'.repeat(300)],
    [`/?after=${'x'.repeat(301)}`, 'first'],
  ])('%s', async (path, after) => {
    expect(await (await app.request(path)).json()).toEqual({ after })
  })

  it('comes back from its own address', async () => {
    const after = 'active#a&b=c d'
    expect(await (await app.request(nextAddress('/', after))).json()).toEqual({ after })
  })
})

describe('10.3 the links of a page', () => {
  it.each([
    [{ isFirst: true }, []],
    [{ isFirst: true, next: 'a#b' }, ['/x?after=a%23b']],
    [{ isFirst: false }, ['/x']],
    [{ isFirst: false, next: 'c' }, ['/x', '/x?after=c']],
  ])('of %j', async (page, links) => {
    const text = await htmlText(pageLinks('/x', page))
    expect([...text.matchAll(/href="([^"]*)"/gu)].map(([, link]) => link)).toEqual(links)
  })
})
