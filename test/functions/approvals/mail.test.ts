import { describe, expect, it } from 'vitest'
import { type VoteLetterInput, voteLetter } from '../../../functions/approvals/mail.ts'
import { letterMail } from '../../../functions/people/letter.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPerson } from '../people/any-people.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyApprover, anyBallot, planHash } from './any-ballot.ts'

const link = 'https://console.example/approve#01J00000000000000000000009.s3cret'
const people = peopleOf([anyPerson('olivia'), anyPerson('sven', { roles: ['security', 'operations'] })])
const anyAsk = (ask: Partial<VoteLetterInput> = {}) =>
  letterMail({
    to: 'olivia@example.com',
    link,
    code: '7KQ2M9XA',
    letter: voteLetter({
      change: anyChange(),
      plan: anyPlan({ downstream: ['shop'] }),
      ballot: anyBallot(),
      people,
      asked: anyApprover(),
      isReminder: false,
      ...ask,
    }),
  })

describe('2.1 askMail', () => {
  it('says the same by text and HTML: ids, numbers, hash, deadline, link and code', async () => {
    const { text, html, to } = await anyAsk()
    expect(to).toBe('olivia@example.com')
    for (const part of [text, html])
      for (const fact of [
        anyChange().changeId,
        'CVE-2024-29069',
        '3 in 1 ring (',
        'shop',
        planHash,
        '2026-01-02 00:00 UTC',
        '7KQ2-M9XA',
        link,
      ])
        expect(part).toContain(fact)
  })

  it('2.4 B6 names a reviewer only where one is asked, and promises no time for a restore', async () => {
    const v2 = { ...anyPlan(), schemaVersion: 2 as const }
    const { reviewer: _, ...unreviewed } = v2.rollbackPlan
    const asked = (await anyAsk({ plan: v2, ballot: anyBallot({ roles: ['security', 'person:olivia'] }) })).text
    expect(asked).toContain('stella is asked for the review')
    expect(asked).toContain('security, olivia (review of the rollback plan)')
    const { text } = await anyAsk({ plan: { ...v2, rollbackPlan: unreviewed } })
    expect(text).toContain('no review: policy asks for none')
    expect(text).toContain('3 hosts by package-downgrade')
    expect(text).toContain('15 minutes, a target')
    for (const mail of [asked, text]) expect(mail).not.toContain('reviewed by')
  })

  it('F18 keeps the code out of the address and off its line', async () => {
    const { text, html } = await anyAsk()
    for (const line of text.split('\n')) expect(line.includes('7KQ2') && line.includes('http')).toBe(false)
    expect(/href="([^"]*)"/.exec(html)?.[1]).toBe(link)
    expect(html.match(/<a /g)).toHaveLength(1)
  })

  it.each([
    ['B6 markup', '<img src=x onerror=alert(1)>'],
    ['B7 a bidi override', 'CVE-2024\u202E-1'],
    ['B7 a lookalike', 'СVE-2024-1'],
    ['B9 a line break', 'CVE-2024-1\r\nBcc: evil@example.com'],
    ['another address', 'https://evil.example/approve#x'],
  ])('%s in an id is counted and never shown', async (_, id) => {
    const { text, html, subject } = await anyAsk({ change: anyChange({ vulnerabilityIds: ['CVE-2024-29069', id] }) })
    expect(text).toContain('CVE-2024-29069 and 1 more')
    for (const part of [text, html, subject]) expect(part).not.toContain(id)
  })

  it('B6 shows no title, reason or comment of anyone', async () => {
    const { text, html } = await anyAsk({ change: anyChange({ reasons: ['free text of a finding'] }) })
    expect(text + html).not.toContain('free text')
  })

  it.each(['web\r\nBcc: evil@example.com', 'web\u2028x', 'web\u0000', 'web\u0085x'])(
    'B9 the subject is one line for service %j',
    async (service) => {
      const { subject } = await anyAsk({ change: anyChange({ service }) })
      expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expect(subject).not.toContain('Bcc')
    },
  )

  it('says so when there is no way back', async () => {
    const plan = anyPlan()
    const { text } = await anyAsk({ plan: { ...plan, rollbackPlan: { ...plan.rollbackPlan, rung: 'none' } } })
    expect(text).toContain('NONE, approving accepts that these cannot be rolled back')
  })

  it('names a reminder, and a stand-in', async () => {
    const { subject, text } = await anyAsk({ isReminder: true, asked: anyApprover({ standsInFor: ['security'] }) })
    expect(subject).toMatch(/^Reminder/)
    expect(text).toContain('in place of approvers who did not answer (security)')
  })

  it('begins with what is asked and until when, and never with an id', async () => {
    const { subject, text } = await anyAsk({ change: anyChange({ class: 'emergency' }) })
    expect(subject).toMatch(/^Vote on the emergency patch of web before 2026-01-02 00:00 UTC/)
    expect(text.split('\n')[0]).toBe('The emergency patch of web asks for your vote, before 2026-01-02 00:00 UTC.')
    expect(subject).toContain(anyChange().changeId)
  })

  it('tells who else is asked, for which role', async () => {
    const approvers = [anyApprover(), anyApprover({ personId: 'sven' })]
    expect((await anyAsk({ ballot: anyBallot({ approvers }) })).text).toMatch(/^Also asked +sven \(security\)$/m)
    expect((await anyAsk({ ballot: anyBallot({ approvers: [anyApprover()] }) })).text).toMatch(
      /^Also asked +nobody else$/m,
    )
  })

  it('shows a dozen ids of many and counts the rest', async () => {
    const vulnerabilityIds = Array.from({ length: 400 }, (_, index) => `CVE-2026-${1000 + index}`)
    expect((await anyAsk({ change: anyChange({ vulnerabilityIds }) })).text).toContain('and 388 more')
  })
})
