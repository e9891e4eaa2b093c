import { describe, expect, it } from 'vitest'
import { logApp } from '../../../functions/console/log.ts'
import { stepsMove } from '../../../functions/rollout/step-log.ts'
import { anyConsole } from './any-console.ts'

const change = '01J00000000000000000000001'
const at = (minute: number) => new Date(Date.parse('2026-01-01T00:00:00.000Z') + minute * 60_000).toISOString()

/** `count` steps of one change, a minute apart, on two hosts in turn. */
async function logOf(count: number) {
  const { ledger } = await anyConsole()
  for (let minute = 0; minute < count; minute++) {
    const host = `i-0000000${minute % 2}`
    const end = { step: 'install', attempt: 1, commandId: 'c' } as const
    const found = {
      ...end,
      at: at(minute),
      status: 'Success',
      exitCode: 0,
      outcome: '<b>passed</b>',
      endedAt: at(minute),
    }
    const leaf = { leafId: `L${minute}`, at: '', type: 'test.x', account: '', changeId: '', actor: '', body: {} }
    await ledger.commit({
      moves: [stepsMove(host, [found], { changeId: change, name: 'production' })],
      evidence: [leaf],
    })
  }
  const app = logApp(ledger)
  return async (query: string) => (await app.request(`/log?${query}`)).text()
}

const endsIn = (page: string) =>
  [...page.matchAll(/<td data-name="Ended"><span><time datetime="([^"]+)"/g)].map(([, end]) => end)

describe('5.8 the page of the execution log', () => {
  it('shows a change newest first, a page at a time, each step once', async () => {
    const get = await logOf(230)
    const seen: (string | undefined)[] = []
    for (let query: string | undefined = `change=${change}`; query !== undefined; ) {
      const page = await get(query)
      seen.push(...endsIn(page))
      query = /rel="next" href="\/log\?([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen).toEqual(Array.from({ length: 230 }, (_, index) => at(229 - index)))
  })

  it('shows a host alone, and a change within a span', async () => {
    const get = await logOf(6)
    expect(endsIn(await get('host=i-00000001'))).toEqual([at(5), at(3), at(1)])
    expect(endsIn(await get(`change=${change}&since=2026-01-01T00:02Z&until=2026-01-01T00:04`))).toEqual([at(3), at(2)])
  })

  it('searches nothing where neither a host nor a change is named', async () => {
    expect(endsIn(await (await logOf(3))('since=2026-01-01'))).toEqual([])
  })

  it.each(['since=yesterday', 'until=2026', 'since=2026-01-01T00:00:00%2B02:00'])(
    'takes %s for no time',
    async (query) => {
      expect(await (await logOf(1))(`change=${change}&${query}`)).toContain('Give times like')
    },
  )

  it('B7 shows what a host says as text', async () => {
    const page = await (await logOf(1))(`change=${change}`)
    expect(page).not.toContain('<b>passed</b>')
    expect(await (await logOf(1))('host=%22%3E%3Cimg%20src=x%3E')).not.toContain('<img')
  })
})
