import { describe, expect, it } from 'vitest'
import { approveApp, purposes } from '../../../functions/console/approve.ts'
import { askOf } from '../approvals/any-approvals.ts'
import { anyConsole } from './any-console.ts'

/** The page by itself, as olivia has it open. */
async function openPage() {
  const set = await anyConsole()
  const app = approveApp(set.ports)
  const headers = { 'content-type': 'application/json', origin: set.ports.consoleUrl }
  const post = (path: string, body: object) =>
    app.request(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const { nonce } = await set.view('olivia')
  const { code } = askOf(set.mailer.sent, 'olivia')
  const decide = (choice = 'approve') =>
    post('/approve/decide', { ...set.proofOf('olivia'), code, choice, comment: '', nonce })
  const view = () => post('/approve/view', set.proofOf('olivia'))
  /** Others' votes, mails and wrong codes. */
  const touch = async (times: number) => {
    for (let time = 0; time < times; time++) await set.setBallot({})
  }
  return { ...set, decide, view, touch }
}

describe('2.1 the page of a link', () => {
  it('serves approvals of plans, and no other question', () => {
    expect(purposes.map(({ name }) => name)).toEqual(['approval'])
  })

  it.each([
    [50, 200],
    [51, 403],
  ])('B34 stays valid while the ballot moves %d times: %d', async (times, status) => {
    const { decide, touch } = await openPage()
    await touch(times)
    expect((await decide()).status).toBe(status)
  })

  it('repeats what was recorded, however old the page is', async () => {
    const { decide, touch } = await openPage()
    expect((await decide()).status).toBe(200)
    await touch(60)
    const again = await decide()
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('Already recorded')])
    expect((await decide('reject')).status).toBe(409)
  })

  it('can be looked at until the deadline', async () => {
    const { view, clock, ballot } = await openPage()
    const leftMs = Date.parse((await ballot())?.deadlineAt ?? '') - clock.nowMs()
    clock.advance(leftMs - 1)
    expect((await view()).status).toBe(200)
    clock.advance(1)
    expect((await view()).status).toBe(410)
  })

  it('can be looked at after the deadline by those who voted', async () => {
    const { view, decide, clock } = await openPage()
    await decide()
    clock.advance(90_000_000)
    expect((await view()).status).toBe(200)
  })

  it('asks for nothing after the ballot expired', async () => {
    const { view, setBallot } = await openPage()
    await setBallot({ outcome: 'expired' })
    expect((await view()).status).toBe(410)
  })
})
