import { describe, expect, it } from 'vitest'
import { StopRecord } from '../../../functions/changes/stop.ts'
import { stopApp } from '../../../functions/console/stop.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { changeId } from '../approvals/any-approvals.ts'
import { anyConsole } from './any-console.ts'

async function stopping() {
  const set = await anyConsole()
  const stop = (body: string, headers: Record<string, string> = {}) => set.postForm('/stop', body, headers)
  const stored = async () => await set.ledger.read(StopRecord, keys.stop())
  return { ...set, stop, stored }
}

describe('I18 the stop button', () => {
  it('stops everything with a reason, says who and why, and lifts it again', async () => {
    const { stop, get, stored } = await stopping()
    expect((await stop('because=down&scope=all')).status).toBe(303)
    expect(await (await get('/stop')).text()).toMatch(/Everything is stopped.*by chloe.*down/s)
    const seen = (await stored())?.version
    expect((await stop(`because=fine&scope=all&lift=yes&seen=${seen}`)).status).toBe(303)
    expect((await stored())?.value.all).toBe(false)
  })

  it('stops one change, and refuses one that does not exist', async () => {
    const { stop, stored, get } = await stopping()
    expect((await stop(`because=odd&scope=${changeId}`)).status).toBe(303)
    expect((await stored())?.value.changeIds).toEqual([changeId])
    expect(await (await get(`/stop?change=${changeId}`)).text()).not.toContain('Stop this change')
    expect((await stop('because=odd&scope=01J00000000000000000000099')).status).toBe(404)
  })

  it.each([
    ['without a reason', 'because=&scope=all', {}, 400],
    ['with an odd scope', 'because=x&scope=some', {}, 400],
    ['B33 from another site', 'because=x&scope=all', { origin: 'https://evil.example' }, 403],
    ['B33 as plain text', 'because=x&scope=all', { 'content-type': 'text/plain' }, 403],
  ])('refuses %s', async (_, body, headers, status) => {
    const { stop, stored } = await stopping()
    expect((await stop(body, headers)).status).toBe(status)
    expect(await stored()).toBeUndefined()
  })

  it('B34 lifts no stop that was pulled again after the page was shown', async () => {
    const { stop, stored } = await stopping()
    await stop('because=one&scope=all')
    const seen = (await stored())?.version
    await stop('because=two&scope=all')
    expect((await stop(`because=fine&scope=all&lift=yes&seen=${seen}`)).status).toBe(403)
    expect((await stored())?.value.all).toBe(true)
  })
})

describe('I18 what the page of the stop offers', () => {
  const other = '01J00000000000000000000009'

  it.each([
    ['to stop everything, while nothing is stopped', [], '/stop', ['Stop everything']],
    [
      'to stop the change that was asked about, too',
      [],
      `/stop?change=${changeId}`,
      ['Stop this change', 'Stop everything'],
    ],
    ['no stop of what is no change', [], '/stop?change=all', ['Stop everything']],
    ['to lift the stop of a change', [changeId], '/stop', ['Stop everything', 'Lift this stop']],
    ['no second stop of a change', [changeId], `/stop?change=${changeId}`, ['Stop everything', 'Lift this stop']],
    ['each stop of several', [changeId, other], '/stop', ['Stop everything', 'Lift this stop', 'Lift this stop']],
    ['only to lift every stop, once all is stopped', 'all', '/stop', ['Lift every stop']],
  ] as const)('%s', async (_, stopped, path, buttons) => {
    const { put, ports } = await anyConsole()
    const because = { because: 'odd', by: 'sven', at: '2026-01-01T00:00:00.000Z' }
    const stop = stopped === 'all' ? { all: true, changeIds: [] } : { all: false, changeIds: [...stopped] }
    await put('stop', keys.stop(), 0, { ...stop, ...because })
    const page = await (await stopApp(ports).request(path)).text()
    expect([...page.matchAll(/<button[^>]*>([^<]*)</gu)].map(([, button]) => button)).toEqual(buttons)
  })

  it.each([
    [[changeId], '1 change stopped'],
    [[changeId, other], '2 changes stopped'],
  ])('says how many changes are stopped: %j', async (changeIds, text) => {
    const { put, ports } = await anyConsole()
    await put('stop', keys.stop(), 0, { all: false, changeIds, because: 'odd', by: 'sven', at: '' })
    expect(await (await stopApp(ports).request('/stop')).text()).toContain(text)
  })
})
