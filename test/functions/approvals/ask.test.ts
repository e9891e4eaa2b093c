import { describe, expect, it } from 'vitest'
import { run as askApprovers } from '../../../functions/approvals/ask-approvers.ts'
import { run as closeBallot } from '../../../functions/approvals/close-ballot.ts'
import { run as openBallot } from '../../../functions/approvals/open-ballot.ts'
import type { Mail } from '../../../functions/people/ports.ts'
import { anyApprovals, anyPerson, askOf, changeId, decide, type Given, people } from './any-approvals.ts'

const hourMs = 3_600_000
const remindMs = 1_800_000

async function opened(given: Given = {}) {
  const set = await anyApprovals(given)
  await openBallot({ changeId }, set.ports)
  /** As the machine does it: a look at the ledger says the step. */
  const ask = async (taskToken: string, ports = set.ports) => {
    const { step, outcome } = await closeBallot({ changeId }, ports)
    return step === 'none' ? { outcome, asked: 0 } : askApprovers({ changeId, step, taskToken }, ports)
  }
  const vote = (personId: string, choice: 'approve' | 'reject' = 'approve') => {
    const { linkId, secret, code } = askOf(set.mailer.sent, personId)
    return decide({ linkId, secret, code, choice, comment: '' }, set.ports)
  }
  return { ...set, ask, vote }
}

/** A mailer that refuses some mailboxes for as long as they are in the set. */
function refusing(sent: Mail[], refused: ReadonlySet<string>) {
  return {
    sent,
    async send(_channel: 'email' | 'sns', personId: string, mail: Mail) {
      if (refused.has(personId)) throw new Error('MessageRejected')
      sent.push(mail)
    },
  }
}

describe('2.1 ask-approvers', () => {
  it('gives each approver an own link and code', async () => {
    const { ask, mailer } = await opened()
    expect(await ask('token-1')).toEqual({ outcome: 'open', asked: 2 })
    const [olivia, sven] = [askOf(mailer.sent, 'olivia'), askOf(mailer.sent, 'sven')]
    for (const part of ['linkId', 'secret', 'code'] as const) expect(olivia[part]).not.toBe(sven[part])
  })

  it('I14 keeps secrets, codes and the token out of evidence and mails, and stores digests of the first two', async () => {
    const { ask, mailer, leaves, ballot } = await opened()
    await ask('the-task-token')
    const { secret, code } = askOf(mailer.sent, 'olivia')
    for (const word of [secret, code.replace('-', ''), 'the-task-token'])
      expect(JSON.stringify(leaves()), word).not.toContain(word)
    expect(JSON.stringify(mailer.sent)).not.toContain('the-task-token')
    expect(JSON.stringify(await ballot())).not.toContain(secret)
    expect(JSON.stringify(await ballot())).not.toContain(code.replace('-', ''))
  })

  it('stores the digests before the first mail goes', async () => {
    const { ports, ask, ballot } = await opened()
    const seen: boolean[] = []
    const mailer = { sent: [], send: async () => void seen.push((await ballot())?.asked[0]?.secretDigest !== '') }
    await ask('token-1', { ...ports, mailer })
    expect(seen).toEqual([true, true])
  })

  it('sends no second mail when the machine only waits again, and keeps the newest token', async () => {
    const { ask, mailer, ballot } = await opened()
    await ask('token-1')
    await ask('token-2')
    expect(mailer.sent).toHaveLength(2)
    expect((await ballot())?.taskToken).toBe('token-2')
  })

  it('F7 asks anew those whose mail did not go when the function died in between', async () => {
    const { ports, ask, mailer } = await opened()
    const dying = { ...ports.secrets }
    const dead = { sent: [], send: () => Promise.reject(new Error('killed')) }
    await expect(ask('token-1', { ...ports, secrets: dying, mailer: dead })).rejects.toThrow('DD1705')
    await ask('token-2')
    expect(mailer.sent).toHaveLength(2)
  })

  it('F43 one mailbox that refuses keeps nobody else from being asked, and is tried again', async () => {
    const { ports, ask, mailer, ballot, leaves } = await opened()
    const refused = new Set(['olivia'])
    const flaky = { ...ports, mailer: refusing(mailer.sent, refused) }
    await expect(ask('token-1', flaky)).rejects.toThrow(/DD1705.*olivia/)
    expect(mailer.sent.map(({ to }) => to)).toEqual(['sven@example.com'])
    expect(leaves().findLast(({ type }) => type === 'approval.mailed')?.body).toEqual({
      mailed: ['sven'],
      failed: ['olivia'],
    })
    refused.clear()
    await ask('token-2', flaky)
    expect(mailer.sent.map(({ to }) => to)).toEqual(['sven@example.com', 'olivia@example.com'])
    expect((await ballot())?.asked[0]).toMatchObject({ personId: 'olivia', mailFailures: 0 })
  })

  it('F43 asks others at once when nobody who holds a role can be reached', async () => {
    const { ports, ask, mailer, vote } = await opened()
    const flaky = { ...ports, mailer: refusing(mailer.sent, new Set(['olivia'])) }
    for (const token of ['1', '2', '3']) await expect(ask(token, flaky)).rejects.toThrow('DD1705')
    expect(await ask('4', flaky)).toEqual({ outcome: 'open', asked: 1 })
    expect(askOf(mailer.sent, 'eddie').mail.text).toContain('in place of approvers who did not answer')
    await ask('5', flaky)
    await vote('sven')
    expect(await vote('eddie')).toMatchObject({ kind: 'recorded', outcome: 'approved' })
  })

  it('reminds once, at the policy’s hour, those who did not vote, with a new link', async () => {
    const { ask, vote, mailer, clock, ballot, leaves } = await opened()
    await ask('token-1')
    await vote('sven')
    clock.advance(remindMs - 1)
    await ask('token-2')
    expect(mailer.sent).toHaveLength(2)
    clock.advance(1)
    for (const token of ['token-3', 'token-4', 'token-5']) await ask(token)
    expect(mailer.sent.slice(2).map(({ to, subject }) => [to, subject.split(' ')[0]])).toEqual([
      ['olivia@example.com', 'Reminder:'],
    ])
    expect((await ballot())?.asked[0]?.remindedAt).toBe('2026-01-01T00:40:00.000Z')
    expect(leaves().filter(({ type }) => type === 'approval.reminded')).toHaveLength(1)
    expect(leaves().filter(({ type }) => type === 'approval.escalated')).toHaveLength(0)
  })

  it('escalates once, at the policy’s hour, for the roles still missing, and mails nobody else again', async () => {
    const { ask, vote, mailer, clock, ballot, leaves } = await opened()
    await ask('token-1')
    await vote('sven')
    clock.advance(remindMs)
    await ask('token-2')
    clock.advance(hourMs - remindMs)
    for (const token of ['token-3', 'token-4']) await ask(token)
    expect(mailer.sent.slice(3).map(({ to }) => to)).toEqual(['eddie@example.com'])
    expect(askOf(mailer.sent, 'eddie').mail.text).toContain('did not answer (service-owner)')
    expect((await ballot())?.asked.at(-1)).toMatchObject({
      personId: 'eddie',
      isEscalation: true,
      standsInFor: ['service-owner'],
    })
    expect(leaves().filter(({ type }) => type === 'approval.escalated')).toHaveLength(1)
    expect(await vote('eddie')).toMatchObject({ kind: 'recorded', outcome: 'approved' })
  })

  it('a machine that slept through both reminds first and escalates next', async () => {
    const { ask, mailer, clock, leaves } = await opened()
    await ask('token-1')
    clock.advance(2 * hourMs)
    await ask('token-2')
    await ask('token-3')
    const steps = leaves().map(({ type }) => type)
    expect(steps.filter((type) => /reminded|escalated/.test(type))).toEqual(['approval.reminded', 'approval.escalated'])
    expect(mailer.sent).toHaveLength(5)
  })

  it('tells an approver who may now stand in for others, with a new link', async () => {
    const both = [...people, anyPerson('erin', { roles: ['security', 'executive'] })]
    const { ask, mailer, clock, ballot } = await opened({ people: both })
    await ask('token-1')
    clock.advance(remindMs)
    await ask('token-2')
    clock.advance(hourMs - remindMs)
    await ask('token-3')
    expect(mailer.sent.slice(6).map(({ to }) => to)).toEqual(['erin@example.com', 'eddie@example.com'])
    expect((await ballot())?.asked.find(({ personId }) => personId === 'erin')?.standsInFor).toEqual([
      'service-owner',
      'security',
    ])
  })

  it('asks nobody on a change that stopped waiting', async () => {
    const { ports, mailer, setChange } = await opened()
    await setChange({ state: 'held' })
    const input = { changeId, step: 'ask', taskToken: 'token-1' } as const
    expect(await askApprovers(input, ports)).toEqual({ outcome: 'withdrawn', asked: 0 })
    expect(mailer.sent).toEqual([])
  })

  it('I20 escalates to nobody when the catalogue cannot be read', async () => {
    const { ask, hide, clock, ballot } = await opened()
    await ask('token-1')
    clock.advance(remindMs)
    await ask('token-2')
    clock.advance(hourMs)
    hide('catalogue')
    await expect(ask('token-3')).rejects.toThrow('DD1703')
    expect((await ballot())?.isEscalated).toBe(false)
  })

  it('a stand-in gives one role only', async () => {
    const { ask, vote, clock, ballot } = await opened()
    await ask('token-1')
    clock.advance(hourMs)
    await ask('token-2')
    await ask('token-3')
    expect(await vote('eddie')).toMatchObject({ kind: 'recorded', outcome: 'open' })
    expect((await ballot())?.outcome).toBe('open')
    expect(await vote('olivia')).toMatchObject({ outcome: 'approved' })
  })

  it('the old link is told of the newer mail, and the new one works, unlocked', async () => {
    const { ask, mailer, clock, ports } = await opened()
    await ask('token-1')
    const old = askOf(mailer.sent, 'olivia')
    const wrong = { linkId: old.linkId, secret: old.secret, code: 'ZZZZZZZZ', choice: 'approve', comment: '' } as const
    for (let tries = 0; tries < 5; tries++) await decide(wrong, ports)
    clock.advance(hourMs)
    await ask('token-2')
    expect(await decide({ ...wrong, code: old.code }, ports)).toEqual({ kind: 'refused', because: 'newer-mail' })
    const { linkId, secret, code } = askOf(mailer.sent, 'olivia')
    expect(await decide({ linkId, secret, code, choice: 'approve', comment: '' }, ports)).toMatchObject({
      kind: 'recorded',
    })
  })

  it('asks nobody on a ballot that is decided', async () => {
    const { ask, vote, mailer } = await opened()
    await ask('token-1')
    await vote('olivia', 'reject')
    expect(await ask('token-2')).toEqual({ outcome: 'rejected', asked: 0 })
    expect(mailer.sent).toHaveLength(2)
  })

  it('says what is missing: the ballot, or the plan', async () => {
    const { ports } = await anyApprovals()
    await expect(askApprovers({ changeId, step: 'ask', taskToken: 't' }, ports)).rejects.toThrow('DD1701')
  })

  it('I20 asks nobody about a plan that cannot be read', async () => {
    const { ports, ledger, ask, mailer } = await opened()
    const blind = {
      ...ports,
      ledger: {
        ...ledger,
        read: (async (kind, key) =>
          kind.kind === 'plan' ? undefined : ledger.read(kind, key)) satisfies typeof ledger.read,
      },
    }
    await expect(ask('token-1', blind)).rejects.toThrow('DD1703')
    expect(mailer.sent).toEqual([])
  })

  it('F11 keeps a vote that comes while the other mails are still being sent', async () => {
    const { ports, ask, mailer, ballot, vote } = await opened()
    const racing = {
      ...ports,
      mailer: {
        sent: mailer.sent,
        async send(channel: 'email' | 'sns', personId: string, mail: Mail) {
          if (personId === 'sven') expect(await vote('olivia')).toMatchObject({ kind: 'recorded' })
          await mailer.send(channel, personId, mail)
        },
      },
    }
    await ask('token-1', racing)
    const after = await ballot()
    expect(after?.answers).toMatchObject([{ personId: 'olivia' }])
    expect(after?.asked.every(({ mailedAt }) => mailedAt !== undefined)).toBe(true)
  })
})
