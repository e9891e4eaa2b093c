import { html } from 'hono/html'
import { describe, expect, it } from 'vitest'
import { type ApprovalViewInput, approvalView } from '../../../functions/console/approval-view.ts'
import { htmlText } from '../../../functions/console/layout.ts'
import { peopleOf } from '../../../functions/people/people.ts'
import { people } from '../approvals/any-approvals.ts'
import { anyApprover, anyBallot } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'

const at = '2026-01-01T12:00:00.000Z'
const form = html`<form id="vote"></form>`
const viewOf = (input: Partial<ApprovalViewInput> = {}) =>
  htmlText(
    approvalView({
      change: anyChange(),
      plan: anyPlan(),
      ballot: anyBallot(),
      people: peopleOf(people),
      personId: 'olivia',
      at,
      ...input,
    }),
  )
const voteOf = (personId: string, choice: string, comment = '') => ({
  personId,
  choice,
  comment,
  at,
  via: 'code' as const,
})
const packages = (count: number) =>
  anyPlan({
    manifest: {
      ...anyPlan().manifest,
      packages: Array.from({ length: count }, (_, index) => ({ name: `p${index}`, version: '1' })),
    },
  })

describe('10.4 what an approver is asked', () => {
  it.each([
    [0, 'Install nothing on 3 hosts'],
    [3, 'Install p0 1, p1 1, p2 1 on 3 hosts'],
    [5, 'Install p0 1, p1 1, p2 1 and 2 more on 3 hosts'],
  ])('names three of %d packages, and counts the rest', async (count, text) => {
    expect(await viewOf({ plan: packages(count) })).toContain(text)
  })

  it.each([
    [
      'an emergency, loudly',
      { change: anyChange({ class: 'emergency' }) },
      /<strong class="bad">.* emergency<\/strong>/u,
    ],
    ['a patch that is due when the system is upgraded', {}, /<dt>Patch due<\/dt><dd>on system upgrade/u],
    ['how long is left for the patch', { change: anyChange({ dueAt: '2026-01-02T12:00:00.000Z' }) }, /in 1 d</u],
    [
      'that the patch is late, loudly',
      { change: anyChange({ dueAt: '2026-01-01T10:00:00.000Z' }) },
      /class="bad">.* 2 h overdue/u,
    ],
    ['how long the vote is open', {}, /<span class="quiet">12 h left/u],
    ['what else it can hurt', { plan: anyPlan({ downstream: ['shop', 'mail'] }) }, /Can hurt<\/dt><dd>shop, mail/u],
    ['that it can hurt nothing else', {}, /Can hurt<\/dt><dd>no other service/u],
    ['what time the way back aims at', {}, /Way back<\/dt><dd>RTO 15 min, a target/u],
    [
      'that there is no way back, loudly',
      { plan: anyPlan({ rollbackPlan: { ...anyPlan().rollbackPlan, rung: 'none' } }) },
      /Way back<\/dt><dd><strong class="bad">/u,
    ],
    [
      'that forensic triage comes first',
      { change: anyChange({ needsForensicTriage: true }) },
      /Forensic triage is required before the patch/u,
    ],
  ] satisfies readonly (readonly [string, Partial<ApprovalViewInput>, RegExp])[])(
    'is told %s',
    async (_, input, text) => {
      expect(await viewOf(input)).toMatch(text)
    },
  )

  it('is told of no time left once the ballot ended, and of no triage that nobody asks for', async () => {
    const view = await viewOf({ ballot: anyBallot({ outcome: 'approved' }) })
    expect(view).not.toContain(' left<')
    expect(view).not.toContain('Forensic triage')
  })
})

describe('10.4 who gave which role, and what was said', () => {
  it('names the voter with the time, and those who are asked for a role that is missing', async () => {
    const view = await viewOf({ ballot: anyBallot({ votes: [voteOf('sven', 'approve')] }) })
    expect(view).toMatch(/approved<\/span> security <span class="quiet">Sven, 2026-01-01 12:00:00 UTC/u)
    expect(view).toMatch(/missing<\/span> service-owner <span class="quiet">asked: Olivia</u)
  })

  it('repeats a rejection and every comment, inert, but no silent approval', async () => {
    const votes = [voteOf('sven', 'approve'), voteOf('chloe', 'reject'), voteOf('eddie', 'approve', '<b>go</b>')]
    const view = await viewOf({ ballot: anyBallot({ votes }) })
    expect(view).toMatch(/<p>Chloe: reject, [^<]*<\/p>/u)
    expect(view).toContain('<q>&lt;b&gt;go&lt;/b&gt;</q>')
    expect(view).not.toContain('<p>Sven: approve')
  })

  it('says in whose place someone votes', async () => {
    const approvers = [anyApprover({ personId: 'eddie', standsInFor: ['security'] })]
    const view = await viewOf({ personId: 'eddie', ballot: anyBallot({ approvers }) })
    expect(view).toContain('You vote as <strong>Eddie</strong>, also in place of security.')
    expect(await viewOf()).toContain('You vote as <strong>Olivia</strong>. One approval')
  })
})

describe('10.4 what an approver may do', () => {
  it('votes where the ballot is open and there is a form', async () => {
    expect(await viewOf({ form })).toMatch(/href="#vote".*<form id="vote">/su)
    expect(await viewOf()).not.toContain('href="#vote"')
  })

  it('finds the own vote instead of the form', async () => {
    const view = await viewOf({ form, ballot: anyBallot({ votes: [voteOf('olivia', 'approve')] }) })
    expect(view).toContain('You voted approve at 2026-01-01 12:00:00 UTC.')
    expect(view).not.toContain('<form')
  })

  it('finds the decision instead of the form, once it was taken', async () => {
    const view = await viewOf({ form, ballot: anyBallot({ outcome: 'rejected' }) })
    expect(view).toContain('This change was decided: rejected.')
    expect(view).not.toMatch(/<form|href="#vote"/u)
  })
})
