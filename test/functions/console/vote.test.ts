import { describe, expect, it } from 'vitest'
import { voteApp } from '../../../functions/console/vote.ts'
import { changeId } from '../approvals/any-approvals.ts'
import { planHash } from '../approvals/any-ballot.ts'
import { anyConsole, sessionOf } from './any-console.ts'

const path = `/changes/${changeId}/vote`
const form = (choice: string, hash = planHash) => `choice=${choice}&comment=&planHash=${hash}`
const olivia = sessionOf('olivia@example.com')

describe('2.1 voting on the console in a signed-in session', () => {
  it('shows the plan and a form without a code, and counts the vote', async () => {
    const { get, postForm, ballot } = await anyConsole()
    const page = await (await get(path, olivia)).text()
    expect(page).toContain('Rollback plan')
    expect(page).not.toContain('name="code"')
    const answer = await postForm(path, form('approve'), {}, olivia)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('is recorded')])
    expect((await ballot())?.answers).toMatchObject([{ personId: 'olivia', via: 'session' }])
  })

  it.each([
    ['nobody is signed in', {}],
    ['the address is not verified', sessionOf('olivia@example.com', false)],
    ['the address is nobody’s', sessionOf('mallory@example.com')],
  ])('refuses look and vote where %s', async (_, env) => {
    const { get, postForm, ballot } = await anyConsole()
    expect((await get(path, env)).status).toBeGreaterThanOrEqual(403)
    expect((await postForm(path, form('approve'), {}, env)).status).toBeGreaterThanOrEqual(403)
    expect((await ballot())?.answers).toEqual([])
  })

  it('B33 refuses a form of another site, and takes its own though the browser hides the origin', async () => {
    const { postForm, ballot } = await anyConsole()
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { 'content-type': 'text/plain' },
    ])
      expect((await postForm(path, form('approve'), headers, olivia)).status).toBe(403)
    expect((await ballot())?.answers).toEqual([])
    const own = { origin: 'null', 'sec-fetch-site': 'same-origin' }
    expect((await postForm(path, form('approve'), own, olivia)).status).toBe(200)
  })

  it('B31 refuses a page that showed another plan', async () => {
    const { postForm, ballot } = await anyConsole()
    expect((await postForm(path, form('approve', 'b'.repeat(64)), {}, olivia)).status).toBe(410)
    expect((await ballot())?.answers).toEqual([])
  })

  it('B29 refuses the requester, who sees no form', async () => {
    const { get, postForm, leaves } = await anyConsole({ change: { requester: 'chloe' } })
    const chloe = sessionOf('chloe@example.com')
    expect(await (await get(path, chloe)).text()).toContain('not an approver')
    const answer = await postForm(path, form('approve'), {}, chloe)
    expect([answer.status, leaves().at(-1)?.type]).toEqual([403, 'approval.refused'])
  })

  it('refuses a form without a choice', async () => {
    const { postForm } = await anyConsole()
    expect((await postForm(path, form('maybe'), {}, olivia)).status).toBe(400)
  })

  it('I20 shows no form for a plan that cannot be read', async () => {
    const { hide, get } = await anyConsole()
    hide('plan')
    expect((await get(path, olivia)).status).toBe(409)
  })
})

describe('2.1 what a signed-in person is told instead of the form', () => {
  it.each([
    ['nobody asked anything', '/changes/01J00000000000000000000009/vote', olivia, 404, 'nothing to vote on'],
    ['nobody is signed in', path, {}, 403, 'Use the link and the code in your mail'],
    ['a person is no approver', path, sessionOf('chloe@example.com'), 200, 'You are not an approver of this change'],
  ])('where %s', async (_, address, env, status, text) => {
    const { ports } = await anyConsole()
    const answer = await voteApp(ports).request(address, {}, env)
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(text)])
  })

  it('a vote names the way back to the change', async () => {
    const { ports } = await anyConsole()
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: ports.consoleUrl }
    const answer = await voteApp(ports).request(path, { method: 'POST', headers, body: form('approve') }, olivia)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toMatch(new RegExp(`vote \\(approve\\) is recorded.*href="/changes/${changeId}"`, 'su'))
  })

  it('a comment of 2,000 characters is taken, a longer one is not', async () => {
    const { postForm, ballot } = await anyConsole()
    const withComment = (length: number) => `choice=approve&comment=${'x'.repeat(length)}&planHash=${planHash}`
    expect((await postForm(path, withComment(2001), {}, olivia)).status).toBe(400)
    expect((await ballot())?.answers).toEqual([])
    expect((await postForm(path, withComment(2000), {}, olivia)).status).toBe(200)
  })
})
