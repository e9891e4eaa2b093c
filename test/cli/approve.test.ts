import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterEach, describe, expect, it } from 'vitest'
import { consoleApp } from '../../functions/console/app.ts'
import { askOf } from '../functions/approvals/any-approvals.ts'
import { anyConsole } from '../functions/console/any-console.ts'
import { runVerb } from './run-verb.ts'

const servers: ReturnType<typeof createServer>[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

async function served() {
  const set = await anyConsole()
  const server = createServer((request, response) => void listener(request, response))
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const consoleUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const app = consoleApp({ ...set.ports, consoleUrl })
  const listener = getRequestListener((request) => app.fetch(request))
  const { linkId, secret, code } = askOf(set.mailer.sent, 'olivia')
  return { ...set, link: `${consoleUrl}/approve#${linkId}.${secret}`, code, consoleUrl, server }
}

describe('11.5 drydock approve', () => {
  it('votes, once, and tells the answer of the console as it stands there', async () => {
    const { link, code, ballot } = await served()
    const first = await runVerb('approve', link, '--code', code, '--comment', 'go')
    expect(first).toEqual({
      status: 0,
      stdout: 'Your vote (approve) is recorded. The change is waiting for the other approvers.\n',
      stderr: '',
    })
    expect((await ballot())?.answers).toMatchObject([{ personId: 'olivia', choice: 'approve', comment: 'go' }])
    const again = await runVerb('approve', link, '--code', code, '--json')
    expect([again.status, JSON.parse(again.stdout)]).toEqual([
      0,
      { schemaVersion: 1, status: 200, isCounted: true, answer: expect.stringContaining('Already recorded') },
    ])
    expect((await runVerb('approve', link, '--code', code, '--reject')).status).toBe(4)
    expect((await ballot())?.answers).toHaveLength(1)
  })

  it.each([
    ['a wrong code', { code: 'AAAAAAAA' }, 401, 'Tries left: 4'],
    ['a link that is not known', { secret: 'x' }, 404, 'not known'],
  ])('ends with 4 for %s, with the words on stderr, or in the document', async (_, wrong, status, words) => {
    const { link, code, ballot } = await served()
    const tried = 'secret' in wrong ? `${link.split('.').slice(0, -1).join('.')}.${wrong.secret}` : link
    const typed = 'code' in wrong ? wrong.code : code
    const told = await runVerb('approve', tried, '--code', typed)
    expect([told.status, told.stdout, told.stderr]).toEqual([4, '', expect.stringContaining(words)])
    const document = await runVerb('approve', tried, '--code', typed, '--json')
    expect([document.status, document.stderr, JSON.parse(document.stdout)]).toEqual([
      4,
      '',
      expect.objectContaining({ schemaVersion: 1, status, isCounted: false }),
    ])
    expect((await ballot())?.answers).toEqual([])
  })

  it('ends with 1 for a fault of the console, which is no refusal', async () => {
    const { link, code, ledger } = await served()
    ledger.read = async () => Promise.reject(new Error('gone'))
    const told = await runVerb('approve', link, '--code', code)
    expect([told.status, told.stderr]).toEqual([1, expect.stringContaining('The fault is ours')])
  })

  it('ends with 1 and the reason when no console answers', async () => {
    const { link, code, server, consoleUrl } = await served()
    await new Promise((done) => server.close(done))
    const told = await runVerb('approve', link, '--code', code)
    expect([told.status, told.stderr]).toEqual([1, expect.stringContaining(`${consoleUrl} did not answer`)])
    expect(told.stderr).not.toContain('fetch failed')
  })
})
