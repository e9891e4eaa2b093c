import { describe, expect, it } from 'vitest'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { changeId } from '../approvals/any-approvals.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyConsole, sessionOf } from './any-console.ts'

const title = '<script>alert(1)</script> p\u202Eayload =1+1'

async function withFinding() {
  const set = await anyConsole()
  const finding = anyFinding({ title, vulnerabilityId: undefined })
  const list = { pk: lists.findings, sk: 'active#1' }
  await set.put('finding', keys.finding(finding.findingId), 0, finding, list)
  return set
}

describe('10.3 the console', () => {
  it('F17 changes nothing by GET and HEAD on any of its routes, and sends nothing without the strict policy', async () => {
    const { app, leaves } = await withFinding()
    const before = leaves().length
    for (const { path } of app.routes.filter(({ method }) => method === 'GET'))
      for (const method of ['GET', 'HEAD']) {
        const answer = await app.request(
          path.replace(':changeId', changeId),
          { method },
          sessionOf('olivia@example.com'),
        )
        expect(answer.status, path).toBe(200)
        const policy = answer.headers.get('content-security-policy') ?? ''
        expect(policy).toContain("default-src 'none'")
        expect(policy).not.toMatch(/unsafe|https?:|\*/)
        expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(await answer.text()).not.toMatch(/(src|href|action)="(https?:)?\/\/|url\(|@import/)
      }
    expect(leaves()).toHaveLength(before)
  })

  it('B32 answers 405 on every path for methods that it does not have', async () => {
    const { app } = await anyConsole()
    for (const path of ['/', '/findings', '/findings.csv', '/evidence', `/changes/${changeId}`])
      expect((await app.request(path, { method: 'POST' })).status, path).toBe(405)
  })

  it.each(['/changes/none', '/changes/none/rollout', '/nothing', '/changes/%3Cscript%3E'])(
    'answers 404 for %s and repeats nothing of it',
    async (path) => {
      const { get } = await anyConsole()
      const answer = await get(path)
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toContain('<script>')
    },
  )

  it('B6 B7 B8 a hostile title is inert on the page and in the file', async () => {
    const { get } = await withFinding()
    const page = await (await get('/findings')).text()
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toMatch(/<script>alert|\u202E/)
    const file = await get('/findings.csv')
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect(await file.text()).not.toMatch(/\u202E|^=/m)
  })

  it('shows a change with who is missing, until when, and where to vote', async () => {
    const { get } = await anyConsole()
    const page = await (await get(`/changes/${changeId}`, sessionOf('olivia@example.com'))).text()
    expect(await (await get(`/changes/${changeId}`)).text()).not.toContain(`/changes/${changeId}/vote`)
    for (const part of [
      'awaiting approval',
      '<svg',
      'service-owner, security',
      `/changes/${changeId}/vote`,
      'Timeline',
    ])
      expect(page, part).toContain(part)
    expect(await (await get('/')).text()).toContain(`/changes/${changeId}`)
  })

  it('shows a rollout by ring, zone and state, trouble first, and keeps up with it until it is told not to', async () => {
    const { put, get, setChange } = await anyConsole()
    await setChange({ state: 'in-progress', ring: 'production' })
    const host = { step: 'install', attempt: 1 }
    await put('ring', keys.ring(changeId, 'production'), 0, {
      changeId,
      name: 'production',
      mode: 'patch',
      planHash: 'a'.repeat(64),
      state: 'open',
      openedAt: '2026-01-03T00:00:00.000Z',
      failureBudget: 1,
      packagesByHost: {},
      hosts: {
        'i-00000001': { ...host, state: 'done' },
        'i-00000002': { ...host, state: 'quarantined', because: '<b>gone</b>' },
        ...Object.fromEntries(
          Array.from({ length: 300 }, (_, index) => [`i-1000${1000 + index}`, { ...host, state: 'waiting' }]),
        ),
      },
      commands: {},
    })
    const path = `/changes/${changeId}/rollout`
    const page = await (await get(path)).text()
    for (const part of ['production', 'z0', 'z1', '1 of 302 hosts done', 'http-equiv="refresh"', '&lt;b&gt;gone'])
      expect(page, part).toContain(part)
    expect(page.match(/<li>i-1000/g)?.length).toBeLessThan(100)
    expect(page).toContain('more, counted above')
    expect(await (await get(`${path}?refresh=off`)).text()).not.toContain('http-equiv="refresh"')
  })

  it('I20 says so when evidence is behind, and what waits longest', async () => {
    const { get, clock, ports } = await anyConsole()
    clock.advance(3_600_000)
    const page = await (await get('/evidence')).text()
    expect(page).toContain('Filing is behind')
    expect(page).not.toContain('no rollout starts')
    expect(page).toContain('approval.opened')
    const waiting = await ports.outbox.pending(100)
    await ports.outbox.remove(waiting.map(({ leafId }) => leafId))
    expect(await (await get('/evidence')).text()).toMatch(
      /Transitions are being filed.*Nothing is waiting to be filed/s,
    )
  })

  it('F42 I20 says that rollouts are held when filing has stopped, and by what', async () => {
    const { get, ports } = await anyConsole()
    const { version, head } = await ports.logHead.read()
    await ports.logHead.advance(version, { ...head, lastError: 'DD2103: <the key is disabled>' })
    const page = await (await get('/evidence')).text()
    expect(page).toContain('no rollout starts until it works again')
    expect(page).toContain('DD2103: &lt;the key is disabled&gt;')
  })

  it('B36 B37 redirects nowhere but to its own paths, whatever a request asks for', async () => {
    const { app, postForm } = await anyConsole()
    const places = ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']
    const names = ['next', 'return', 'returnTo', 'redirect', 'redirect_uri', 'url', 'continue', 'change', 'after']
    for (const place of places) {
      const query = names.map((name) => `${name}=${encodeURIComponent(place)}`).join('&')
      for (const { path } of app.routes.filter(({ method }) => method === 'GET')) {
        const answer = await app.request(`${path.replace(':changeId', changeId)}?${query}`, {
          headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', referer: place },
        })
        expect([answer.headers.get('location'), answer.status < 300 || answer.status >= 400], path).toEqual([
          null,
          true,
        ])
        expect(await answer.text(), path).not.toMatch(/(href|action|content)="[^"]*evil/)
      }
      const stopped = await postForm(`/stop?${query}`, `because=down&scope=all&${query}`, { host: 'evil.example' })
      expect([stopped.status, stopped.headers.get('location')]).toEqual([303, '/stop'])
    }
  })
})
