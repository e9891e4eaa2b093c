import { describe, expect, it } from 'vitest'
import { anyPerson, askOf, changeId, people, startMs } from '../approvals/any-approvals.ts'
import { authors } from '../approvals/any-ballot.ts'
import { anyConsole, sessionOf } from './any-console.ts'

const dayMs = 86_400_000

describe('2.1 11.5 approval by link', () => {
  it('shows risk, scope, blast radius, plan, rollback plan and expiry to those who hold the link', async () => {
    const { view } = await anyConsole({
      change: { dueAt: '2026-01-05T00:00:00.000Z', reasons: ['KEV lists it'], needsForensicTriage: true },
      plan: { downstream: ['shop', 'billing'] },
    })
    const { html } = await view('olivia')
    for (const part of [
      'Risk',
      'Scope',
      'Schedule',
      '<svg',
      'Blast radius',
      'Rollback plan',
      'Vote before',
      'Minimum healthy',
    ])
      expect(html, part).toContain(part)
    for (const fact of [
      'KEV lists it',
      'shop, billing',
      '2026-01-05',
      'Forensic triage',
      '3 hosts of web in 1 ring',
      '1 d left',
    ])
      expect(html, fact).toContain(fact)
  })

  it('shows which role is given by whom, who is asked for the others, and what was said', async () => {
    const { vote, view } = await anyConsole()
    expect((await view('sven')).html).toMatch(/missing<\/span> service-owner <span class="quiet">asked: Olivia</)
    await vote('olivia', { comment: 'go <b>now</b>' })
    const { html } = await view('sven')
    expect(html).toMatch(/approved<\/span> service-owner <span class="quiet">Olivia, 2026-01-01 00:10:00 UTC</)
    expect(html).toContain('go &lt;b&gt;now&lt;/b&gt;')
    expect(html).toMatch(/missing<\/span> security <span class="quiet">asked: Sven</)
  })

  it('says how long is left for the patch, and loudly when it is overdue', async () => {
    const soon = await (await anyConsole({ change: { dueAt: '2026-01-03T00:10:00.000Z' } })).view('olivia')
    expect(soon.html).toContain('in 2 d')
    const late = await (await anyConsole({ change: { dueAt: '2025-12-31T00:10:00.000Z' } })).view('olivia')
    expect(late.html).toContain('1 d overdue')
  })

  it('two roles approve, the change moves, and the waiting machine is answered once', async () => {
    const { vote, changeNow, answered } = await anyConsole()
    const first = await vote('olivia')
    expect([first.status, await first.text()]).toEqual([
      200,
      expect.stringContaining('is waiting for the other approvers'),
    ])
    expect((await vote('sven')).status).toBe(200)
    expect((await changeNow())?.state).toBe('approved')
    expect(answered).toHaveLength(1)
  })

  it('F17 shows nothing and changes nothing on GET and HEAD, to scanners that follow the link', async () => {
    const { app, leaves, ballot } = await anyConsole()
    const before = [leaves().length, await ballot()]
    for (const method of ['GET', 'HEAD'])
      for (const path of ['/approve', '/approve?x=1', '/approve/decide', '/approve/view'])
        expect([200, 405], `${method} ${path}`).toContain((await app.request(path, { method })).status)
    expect(await (await app.request('/approve')).text()).not.toContain(changeId)
    expect([leaves().length, await ballot()]).toEqual(before)
  })

  it('B35 locks one approver after five wrong codes, tells the tries left, and locks no other', async () => {
    const { vote, ballot } = await anyConsole()
    const answers = []
    for (let tries = 0; tries < 6; tries++) answers.push(await vote('olivia', { code: 'AAAA-AAAA' }))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 423, 423])
    expect(await answers[0]?.text()).toContain('Tries left: 4')
    expect(await answers[4]?.text()).toContain('Chloe, chloe@example.com')
    expect((await vote('olivia')).status).toBe(423)
    expect((await vote('sven')).status).toBe(200)
    expect((await ballot())?.answers).toHaveLength(1)
  })

  it('B23 B27 answers unknown, truncated, line-wrapped and foreign links with the same words', async () => {
    const { postJson, proofOf } = await anyConsole()
    const [own, other] = [proofOf('olivia'), proofOf('sven')]
    const tries = [
      { ...own, linkId: '01J00000000000000000000099' },
      { ...own, secret: own.secret.slice(0, -1) },
      { ...own, secret: `${own.secret.slice(0, 20)}\n${own.secret.slice(20)}` },
      { ...own, secret: '' },
      { ...own, secret: other.secret },
      { ...own, linkId: `${own.linkId}'` },
      { linkId: own.linkId },
    ]
    const answers = await Promise.all(
      tries.map(async (body) => {
        const answer = await postJson('/approve/view', body)
        return JSON.stringify([answer.status, await answer.text()])
      }),
    )
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('404')
    expect(answers[0]).toContain('copy it whole')
  })

  it('F14 B24 answers an expired link with 410 and whom to ask, for looking and for voting', async () => {
    const { postJson, proofOf, clock, ballot, mailer } = await anyConsole()
    clock.set(startMs + 2 * dayMs)
    const proof = proofOf('olivia')
    const seen = await postJson('/approve/view', proof)
    expect([seen.status, await seen.text()]).toEqual([410, expect.stringContaining('Chloe, chloe@example.com')])
    const { code } = askOf(mailer.sent, 'olivia')
    const decided = await postJson('/approve/decide', { ...proof, code, choice: 'approve', comment: '', nonce: '1.x' })
    expect(decided.status).not.toBe(200)
    expect((await ballot())?.answers).toEqual([])
  })

  it('F15 B25 B26 repeats the same decision calmly and refuses another, telling the first', async () => {
    const { vote, leaves } = await anyConsole()
    await vote('olivia')
    const [again, other] = [await vote('olivia'), await vote('olivia', { choice: 'reject' })]
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('Already recorded')])
    expect([other.status, await other.text()]).toEqual([409, expect.stringContaining('2026-01-01 00:10:00 UTC')])
    expect(leaves().filter(({ type }) => type === 'approval.cast')).toHaveLength(1)
  })

  it('B31 tells that the plan was changed, and counts no vote on the old one', async () => {
    const { vote, setChange, postJson, proofOf, ballot } = await anyConsole()
    await setChange({ planHash: 'c'.repeat(64) })
    const answer = await postJson('/approve/view', proofOf('olivia'))
    expect([answer.status, await answer.text()]).toEqual([410, expect.stringContaining('plan was changed')])
    expect((await vote('olivia')).status).toBe(410)
    expect((await ballot())?.answers).toEqual([])
  })

  it('tells that a change was cancelled, and whom to ask why', async () => {
    const { setChange, postJson, proofOf } = await anyConsole()
    await setChange({ state: 'cancelled' })
    const answer = await postJson('/approve/view', proofOf('olivia'))
    expect([answer.status, await answer.text()]).toEqual([410, expect.stringContaining('cancelled or replaced')])
  })

  it('I20 asks for no vote on a plan that cannot be read', async () => {
    const { hide, postJson, proofOf } = await anyConsole()
    hide('plan')
    const answer = await postJson('/approve/view', proofOf('olivia'))
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('cannot be approved')])
  })

  it('F16 lets exactly one of approve and reject at the same moment end the ballot', async () => {
    const both = [...people, anyPerson('petra', { roles: ['security'] })]
    const { vote, ballot, answered } = await anyConsole({ roles: ['security'], people: both })
    const [left, right] = await Promise.all([vote('sven'), vote('petra', { choice: 'reject' })])
    expect([left.status, right.status].sort()).toEqual([200, 409])
    expect(['approved', 'rejected']).toContain((await ballot())?.outcome)
    expect(answered).toHaveLength(1)
  })

  it('B28 refuses the link of one approver in the session of another, right code or not', async () => {
    const { vote, ballot, leaves } = await anyConsole()
    expect((await vote('olivia', {}, sessionOf('sven@example.com'))).status).toBe(403)
    expect((await ballot())?.answers).toEqual([])
    expect(leaves().at(-1)?.type).toBe('approval.refused')
  })

  it('takes the own session in place of the code, and asks for none', async () => {
    const { vote, view } = await anyConsole()
    const session = sessionOf('olivia@example.com')
    expect((await view('olivia', session)).html).not.toContain('name="code"')
    expect((await vote('olivia', { code: '' }, session)).status).toBe(200)
  })

  it('takes no session whose address the issuer did not verify', async () => {
    const { vote, view } = await anyConsole()
    const session = sessionOf('olivia@example.com', 'false')
    expect((await view('olivia', session)).html).toContain('name="code"')
    expect((await vote('olivia', { code: '' }, session)).status).toBe(401)
  })

  it.each([
    [{ excluded: authors('olivia', 'drydock') }, 'You requested this change', 'own-request'],
    [{ excluded: authors('drydock', 'olivia') }, 'You wrote the rollback plan', 'rollback-author'],
  ])('B29 refuses %j their own vote, and files the attempt', async (to, text, because) => {
    const { vote, setBallot, leaves, ballot } = await anyConsole()
    await setBallot(to)
    const answer = await vote('olivia')
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining(text)])
    expect(leaves().at(-1)).toMatchObject({ type: 'approval.refused', body: { because } })
    expect((await ballot())?.answers).toEqual([])
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('B32 refuses %s on every route of the page', async (method) => {
    const { app, ballot } = await anyConsole()
    const before = await ballot()
    for (const path of ['/approve', '/approve/view', '/approve/decide'])
      expect((await app.request(path, { method })).status, path).toBe(405)
    const overridden = await app.request('/approve/decide', { headers: { 'X-HTTP-Method-Override': 'POST' } })
    expect([overridden.status, overridden.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await ballot()).toEqual(before)
  })

  it.each([
    ['B33 another origin', { origin: 'https://evil.example' }],
    ['B33 an opaque origin', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['B37 an origin that only the Host names', { origin: 'https://evil.example', host: 'evil.example' }],
    ['B37 a forwarded host', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    ['B33 a plain-text body', { 'content-type': 'text/plain' }],
    ['B33 a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('refuses a vote from %s', async (_, headers) => {
    const { postJson, proofOf, view, mailer, ballot } = await anyConsole()
    const { nonce } = await view('olivia')
    const { code } = askOf(mailer.sent, 'olivia')
    const body = { ...proofOf('olivia'), code, choice: 'approve', comment: '', nonce }
    expect((await postJson('/approve/decide', body, headers)).status).toBe(403)
    expect((await postJson('/approve/view', proofOf('olivia'), headers)).status).toBe(403)
    expect((await ballot())?.answers).toEqual([])
  })

  it.each(['', '1.0000', '0.x', '999.x', 'NaN.x'])('B34 refuses a page with the nonce %j', async (nonce) => {
    const { vote, ballot } = await anyConsole()
    expect((await vote('olivia', { nonce })).status).toBe(403)
    expect((await ballot())?.answers).toEqual([])
  })

  it('B34 refuses the nonce of another approver', async () => {
    const { vote, view } = await anyConsole()
    expect((await vote('olivia', { nonce: (await view('sven')).nonce })).status).toBe(403)
  })

  it.each([
    ['choice', { choice: 'maybe' }],
    ['comment', { comment: 'x'.repeat(2001) }],
    ['key', { unknown: 'x' }],
  ])('refuses an odd %s without a vote', async (_, body) => {
    const { vote, ballot } = await anyConsole()
    expect((await vote('olivia', body)).status).toBeGreaterThanOrEqual(400)
    expect((await ballot())?.answers).toEqual([])
  })

  it('refuses half a surrogate pair in a comment with 400, before anything is written, and takes the vote after', async () => {
    const { vote, ballot, leaves, faults } = await anyConsole()
    const before = [await ballot(), leaves().length]
    const answer = await vote('olivia', { comment: 'broken \ud83d emoji' })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('could not be read')])
    expect([await ballot(), leaves().length, faults]).toEqual([...before, []])
    expect((await vote('olivia', { comment: 'whole \u{1f600}' })).status).toBe(200)
  })

  it('B18 refuses a body far above a vote', async () => {
    const { vote } = await anyConsole()
    expect((await vote('olivia', { comment: 'x'.repeat(20_000) })).status).toBe(413)
  })

  it('B6 B7 shows text from a finding inert, without bidi characters and with lookalikes marked', async () => {
    const { view } = await anyConsole({
      change: { reasons: ['<img src=x onerror=alert(1)>', 'p\u202Eayload', 'p\u0430ypal'] },
    })
    const { html } = await view('olivia')
    expect(html).not.toContain('<img')
    expect(html).not.toContain('\u202E')
    expect(html).toContain('U+0430')
  })

  it('tells of a fault as ours, and nothing of its text', async () => {
    const { ledger, postJson, proofOf, faults } = await anyConsole()
    const proof = proofOf('olivia')
    ledger.read = async () => Promise.reject(new Error('secret table name'))
    const answer = await postJson('/approve/view', proof)
    const text = await answer.text()
    expect([answer.status, text.includes('secret table name')]).toEqual([500, false])
    expect(faults).toHaveLength(1)
  })
})
