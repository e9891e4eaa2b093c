import { describe, expect, it } from 'vitest'
import { inboxApp } from '../../simulator/inbox.ts'

const mail = {
  to: 'olivia@example.com',
  subject: 'Vote on <web>',
  text: 'Open http://127.0.0.1:1/approve#01J.s3cret\n<script>alert(1)</script>',
  html: '<!doctype html><p>Vote</p>',
}
const app = (mails = [mail, { ...mail, subject: 'the newer one' }]) => inboxApp(async () => mails)
const get = async (path: string, mails?: (typeof mail)[]) => {
  const answer = await app(mails).request(path)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

describe('10.1 the local inbox', () => {
  it('lists mails, the newest first, and says when there is none', async () => {
    const { text } = await get('/')
    expect(text.indexOf('the newer one')).toBeLessThan(text.indexOf('Vote on &lt;web&gt;'))
    expect((await get('/', [])).text).toContain('No mail yet')
  })

  it('shows the text part with its link to follow, and runs nothing of it', async () => {
    const { text } = await get('/mail/0')
    expect(text).toContain('<a href="http://127.0.0.1:1/approve#01J.s3cret">')
    expect(text).not.toContain('<script>')
  })

  it('shows the HTML part as it was sent, where no script runs', async () => {
    const { text, headers } = await get('/mail/0/html')
    expect(text).toBe(mail.html)
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(headers.get('content-security-policy')).not.toContain('allow-scripts')
  })

  it.each(['/mail/9', '/mail/x', '/mail/9/html', '/mail/-1'])('has no mail at %s', async (path) => {
    expect((await get(path)).status).toBe(404)
  })
})
