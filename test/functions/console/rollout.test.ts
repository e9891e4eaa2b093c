import { describe, expect, it } from 'vitest'
import type { Change } from '../../../functions/changes/change.ts'
import { rolloutApp } from '../../../functions/console/rollout.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { changeId } from '../approvals/any-approvals.ts'
import { anyConsole } from './any-console.ts'

const stop = { by: 'sven', at: '2026-01-01T00:00:00.000Z', because: '<b>odd</b>' }

async function pageOf(change: Partial<Change>, query = '', stopped?: { all: boolean; changeIds: string[] }) {
  const { ledger, setChange, put } = await anyConsole()
  await setChange(change)
  if (stopped) await put('stop', keys.stop(), 0, { ...stop, ...stopped })
  return (await rolloutApp(ledger).request(`/changes/${changeId}/rollout${query}`)).text()
}

describe('10.5 a live rollout', () => {
  it.each(['scheduled', 'in-progress', 'validating'] as const)('is kept up to date while %s', async (state) => {
    const page = await pageOf({ state })
    expect(page).toMatch(/id="live"/u)
    expect(page).toMatch(/http-equiv="refresh" content="5"/u)
    expect(page).toContain('Pause updates')
  })

  it.each(['approved', 'held', 'closed'] as const)('stands still while %s, and offers no stop', async (state) => {
    const page = await pageOf({ state })
    expect(page).not.toMatch(/id="live"|http-equiv="refresh"|Pause updates|\/stop\?change/u)
  })

  it('is still where the reader said so, and can be followed again', async () => {
    const page = await pageOf({ state: 'in-progress' }, '?refresh=off')
    expect(page).not.toMatch(/id="live"|http-equiv="refresh"/u)
    expect(page).toMatch(/Follow live.*Updates are paused/su)
  })

  it.each([
    ['in-progress', 'Still to come: production (3 hosts).'],
    ['approved', 'Not started: production (3 hosts).'],
  ] as const)('names the rings that are left: %s', async (state, text) => {
    expect(await pageOf({ state })).toContain(text)
  })

  it('names no ring without a plan', async () => {
    expect(await pageOf({ state: 'in-progress', planHash: undefined })).not.toContain('Still to come')
  })

  it.each([
    ['everything is stopped', { all: true, changeIds: [] }, true],
    ['this change is stopped', { all: false, changeIds: [changeId] }, true],
    ['another change is stopped', { all: false, changeIds: ['01J00000000000000000000009'] }, false],
  ])('I18 says by whom and why where %s', async (_, stopped, isSaid) => {
    const page = await pageOf({ state: 'in-progress' }, '', stopped)
    expect(page.includes('by sven at') && page.includes('&lt;b&gt;odd')).toBe(isSaid)
  })

  it('of an unknown change answers 404', async () => {
    const { ledger } = await anyConsole()
    expect((await rolloutApp(ledger).request('/changes/none/rollout')).status).toBe(404)
  })
})
