import { beforeEach, describe, expect, it } from 'vitest'
import { ask, BallotRecord } from '../../../functions/approvals/index.ts'
import { systemSecrets } from '../../../functions/aws/secrets.ts'
import { ChangeRecord } from '../../../functions/changes/index.ts'
import { consoleApp } from '../../../functions/console/index.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { memoryLedger } from '../../../local/ports/ledger.ts'
import { memoryMailer } from '../../../local/ports/mailer.ts'
import { fixedClock, sequentialIds } from '../../../local/ports/time.ts'
import { askIn } from '../../../local/scenario/approve.ts'
import { anyBallot, planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'

const consoleUrl = 'http://127.0.0.1:8080'
const changeId = anyChange().changeId

async function setUp() {
  const ledger = memoryLedger()
  const clock = fixedClock(Date.parse('2026-01-01T00:10:00.000Z'))
  const mailer = memoryMailer()
  const answered: string[] = []
  const ports = {
    ledger,
    clock,
    ids: sequentialIds(),
    account: '123456789012',
    mailer,
    secrets: systemSecrets(),
    consoleUrl,
    makeNonce: () => 'nonce',
    signedIn: () => 'chloe',
    tokens: {
      async succeed(token: string) {
        answered.push(token)
        return 'answered' as const
      },
    },
  }
  const evidence = { leafId: '0', at: '', type: 'test.seeded', account: '', changeId, actor: '', body: {} }
  const change = anyChange({
    state: 'awaiting-approval',
    planHash,
    reasons: ['<img src=x onerror=alert(1)>', 'p\u202Eayload', 'pаypal'],
  })
  await ledger.commit({
    moves: [
      { kind: 'change', key: keys.change(changeId), from: 0, value: change, list: { pk: lists.changes, sk: 'open' } },
      { kind: 'plan', key: keys.plan(changeId, planHash), from: 0, value: anyPlan({ downstream: ['shop'] }) },
      { kind: 'ballot', key: keys.ballot(changeId), from: 0, value: anyBallot() },
    ],
    evidence: [evidence],
  })
  await ask(changeId, 'token-1', ports)
  const app = consoleApp(ports)
  const asks = mailer.sent.flatMap((mail) => askIn(mail) ?? [])
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: consoleUrl, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const view = async (index: number) =>
    (await (await post('/approve/view', { linkId: asks[index]?.linkId, secret: asks[index]?.secret })).json()) as {
      nonce: string
      html: string
      text: string
    }
  const decide = async (index: number, body: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const { nonce } = await view(index)
    const { linkId = '', secret = '', code = '' } = asks[index] ?? {}
    return post('/approve/decide', { linkId, secret, code, choice: 'approve', comment: '', nonce, ...body }, headers)
  }
  const ballot = async () => (await ledger.read(BallotRecord, keys.ballot(changeId)))?.value
  return { app, ledger, clock, asks, post, view, decide, ballot, answered, mailer, ports }
}

describe('2.1 11.5 approval by link', () => {
  let it1: Awaited<ReturnType<typeof setUp>>
  beforeEach(async () => {
    it1 = await setUp()
  })

  it('gives each approver an own link and code, and puts neither the code nor the secret where a server sees it', () => {
    const { asks, mailer } = it1
    expect(asks).toHaveLength(3)
    expect(new Set(asks.map(({ secret }) => secret)).size).toBe(3)
    for (const [index, mail] of mailer.sent.entries()) {
      const { code = '', secret = '' } = asks[index] ?? {}
      expect(mail.text.split('#')[0]).not.toContain(secret)
      expect(mail.text.split('\n').find((line) => line.startsWith('http'))).not.toContain(code.replace('-', ''))
      expect(mail.subject).not.toMatch(/[\r\n]/)
    }
  })

  it('I14 stores digests only', async () => {
    const { asks, ledger } = it1
    const kept = JSON.stringify([await ledger.query(BallotRecord, `CHANGE#${changeId}`, 'BALLOT'), ledger.outbox()])
    for (const { secret, code } of asks)
      expect(kept.includes(secret) || kept.includes(code.replace('-', ''))).toBe(false)
  })

  it('two roles approve, the change moves, and the waiting machine is answered once', async () => {
    const { decide, ledger, answered } = it1
    expect((await decide(0)).status).toBe(200)
    expect((await decide(1)).status).toBe(200)
    expect((await ledger.read(ChangeRecord, keys.change(changeId)))?.value.state).toBe('approved')
    expect(answered).toEqual(['token-1'])
  })

  it('F17 shows nothing and changes nothing on GET and HEAD, to scanners that follow the link', async () => {
    const { app, ledger } = it1
    const before = ledger.outbox().length
    for (const method of ['GET', 'HEAD']) expect((await app.request('/approve', { method })).status).toBe(200)
    expect(ledger.outbox()).toHaveLength(before)
  })

  it('F18 records no vote for a scanner that runs the script and submits the form without the code', async () => {
    const { decide, ballot } = it1
    expect((await decide(0, { code: '' })).status).toBe(401)
    expect((await ballot())?.votes).toEqual([])
  })

  it('B35 locks one approver after five wrong codes, and no other', async () => {
    const { decide, ballot } = it1
    for (let count = 0; count < 5; count++) expect((await decide(0, { code: 'AAAA-AAAA' })).status).toBe(401)
    expect((await decide(0)).status).toBe(423)
    expect((await decide(1)).status).toBe(200)
    expect((await ballot())?.votes).toHaveLength(1)
  })

  it('B23 B27 answers unknown, truncated and foreign links with the same words', async () => {
    const { post, asks } = it1
    const [first, second] = asks
    const tries = [
      { linkId: '01J00000000000000000000099', secret: 'x' },
      { linkId: first?.linkId, secret: first?.secret.slice(0, -1) },
      { linkId: first?.linkId, secret: second?.secret },
    ]
    const answers = await Promise.all(
      tries.map(async (body) => {
        const answer = await post('/approve/view', body)
        return [answer.status, await answer.text()]
      }),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]?.[0]).toBe(404)
  })

  it('B24 answers an expired link with 410 and whom to ask', async () => {
    const { decide, clock } = it1
    clock.set(Date.parse('2026-01-03T00:00:00.000Z'))
    const answer = await decide(0)
    expect(answer.status).toBe(410)
    expect(await answer.text()).toContain('change manager')
  })

  it('B25 B26 repeats the same decision calmly and refuses another', async () => {
    const { decide } = it1
    await decide(0)
    expect((await decide(0)).status).toBe(200)
    const other = await decide(0, { choice: 'reject' })
    expect(other.status).toBe(409)
    expect(await other.text()).toContain('2026-01-01T00:10:00.000Z')
  })

  it('B31 tells that the plan was changed, and counts no vote on the old one', async () => {
    const { ledger, post, asks } = it1
    const read = await ledger.read(ChangeRecord, keys.change(changeId))
    await ledger.commit({
      moves: [
        {
          kind: 'change',
          key: keys.change(changeId),
          from: read?.version ?? 0,
          value: { ...anyChange({ state: 'awaiting-approval' }), planHash: 'c'.repeat(64) },
        },
      ],
      evidence: [{ leafId: '1', at: '', type: 'test.replanned', account: '', changeId, actor: '', body: {} }],
    })
    const answer = await post('/approve/view', { linkId: asks[0]?.linkId, secret: asks[0]?.secret })
    expect([answer.status, await answer.text()]).toEqual([410, expect.stringContaining('plan was changed')])
  })

  it('F16 lets exactly one of approve and reject at the same moment end the ballot', async () => {
    const { decide, ballot } = it1
    await decide(0)
    const [left, right] = await Promise.all([decide(1), decide(2, { choice: 'reject' })])
    expect([left.status, right.status].sort()).toEqual([200, 409])
    expect(['approved', 'rejected']).toContain((await ballot())?.outcome)
  })

  it('B32 B33 B34 refuses other methods, foreign origins, text bodies and old forms', async () => {
    const { app, decide, post, asks } = it1
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect((await app.request('/approve/decide', { method })).status).toBe(405)
    expect((await app.request('/approve/decide', { headers: { 'X-HTTP-Method-Override': 'POST' } })).status).toBe(405)
    expect((await decide(0, {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await decide(0, {}, { 'content-type': 'text/plain' })).status).toBe(403)
    const { linkId = '', secret = '', code = '' } = asks[0] ?? {}
    expect(
      (await post('/approve/decide', { linkId, secret, code, choice: 'approve', comment: '', nonce: '1.0000' })).status,
    ).toBe(403)
  })

  it('B6 B7 shows text from a finding inert, without bidi characters and with lookalikes marked', async () => {
    const { view } = it1
    const { html } = await view(0)
    expect(html).not.toContain('<img')
    expect(html).not.toContain('\u202E')
    expect(html).toContain('U+0430')
    expect(html).toContain('shop')
  })

  it('sends no second mail when the machine only asks again', async () => {
    const { mailer, ports, clock } = it1
    await ask(changeId, 'token-2', ports)
    expect(mailer.sent).toHaveLength(3)
    clock.set(Date.parse('2026-01-01T01:00:00.000Z'))
    await ask(changeId, 'token-3', ports)
    expect(mailer.sent).toHaveLength(6)
  })
})

describe('10.3 the console', () => {
  it('F17 changes nothing by GET on any of its routes, and sends no page without the strict policy', async () => {
    const { app, ledger } = await setUp()
    const before = ledger.outbox().length
    for (const { path } of app.routes.filter(({ method }) => method === 'GET')) {
      const answer = await app.request(path.replace(':changeId', changeId))
      expect(answer.status, path).toBeLessThan(400)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(await answer.text()).not.toMatch(/(src|href)="https?:/)
    }
    expect(ledger.outbox()).toHaveLength(before)
  })

  it('I18 stops everything by a form of its own, with a reason, and lifts it again', async () => {
    const { app } = await setUp()
    const stop = (body: string, origin = consoleUrl) =>
      app.request('/stop', {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    expect((await stop('because=down', 'https://evil.example')).status).toBe(403)
    expect((await stop('because=')).status).toBe(400)
    expect((await stop('because=down')).status).toBe(303)
    expect(await (await app.request('/stop')).text()).toContain('Everything is stopped')
  })
})
