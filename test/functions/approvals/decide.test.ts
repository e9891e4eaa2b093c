import { describe, expect, it } from 'vitest'
import { run as askApprovers } from '../../../functions/approvals/ask-approvers.ts'
import { run as closeBallot } from '../../../functions/approvals/close-ballot.ts'
import { run as openBallot } from '../../../functions/approvals/open-ballot.ts'
import { keys } from '../../../functions/kit/keys.ts'
import {
  anyApprovals,
  anyPerson,
  askOf,
  changeId,
  type Decision,
  decide,
  decideSignedIn,
  type Given,
  people,
} from './any-approvals.ts'
import { planHash } from './any-ballot.ts'

async function asked(given: Given = {}) {
  const set = await anyApprovals(given)
  await openBallot({ changeId }, set.ports)
  await askApprovers({ changeId, step: 'ask', taskToken: 'token-1' }, set.ports)
  const vote = (personId: string, decision: Partial<Decision> = {}, ports = set.ports) => {
    const { linkId, secret, code } = askOf(set.mailer.sent, personId)
    return decide({ linkId, secret, code, choice: 'approve', comment: '', ...decision }, ports)
  }
  const signedIn = (sessionAddress: string, decision: { planHash?: string; choice?: 'approve' | 'reject' } = {}) =>
    decideSignedIn({ changeId, planHash, sessionAddress, choice: 'approve', comment: '', ...decision }, set.ports)
  const types = () => set.leaves().map(({ type }) => type)
  return { ...set, vote, signedIn, types }
}

describe('11.5 decide', () => {
  it('moves ballot and change together, files both leaves and answers the machine once', async () => {
    const { vote, answered, changeNow, types } = await asked()
    expect(await vote('olivia')).toMatchObject({ kind: 'recorded', outcome: 'open' })
    expect(await vote('sven')).toEqual({
      kind: 'recorded',
      choice: 'approve',
      outcome: 'approved',
      asker: 'answered',
    })
    expect((await changeNow())?.state).toBe('approved')
    expect(answered).toEqual([{ token: 'token-1', outcome: 'approved' }])
    expect(types().slice(-3)).toEqual(['approval.cast', 'approval.cast', 'change.approved'])
  })

  it('one rejection ends it, with the comment as reason', async () => {
    const { vote, changeNow } = await asked()
    await vote('olivia', { choice: 'reject', comment: 'not this week' })
    expect(await changeNow()).toMatchObject({ state: 'rejected', outcome: 'rejected by olivia: not this week' })
  })

  it.each([
    ['in lower case', (code: string) => code.toLowerCase()],
    ['without the hyphen', (code: string) => code.replace('-', '')],
    ['with spaces around', (code: string) => ` ${code.replace('-', ' ')} `],
    ['with O for 0 and L for 1', (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'l')],
  ])('takes a code typed %s', async (_, typed) => {
    const { vote, mailer } = await asked()
    expect(await vote('olivia', { code: typed(askOf(mailer.sent, 'olivia').code) })).toMatchObject({ kind: 'recorded' })
  })

  it('F15 a second click of the same choice changes nothing and leaves no second leaf', async () => {
    const { vote, leaves } = await asked()
    const clicks = await Promise.all([vote('olivia'), vote('olivia')])
    expect(clicks.map(({ kind }) => kind).sort()).toEqual(['already', 'recorded'])
    expect(leaves().filter(({ type }) => type === 'approval.cast')).toHaveLength(1)
  })

  it('F16 of approve and reject at the same moment exactly one ends the ballot, and the other is told who', async () => {
    const { vote, changeNow, answered, ballot } = await asked({ roles: ['security'], people: twoSecurity })
    const results = await Promise.all([vote('sven'), vote('petra', { choice: 'reject' })])
    expect(results.map(({ kind }) => kind).sort()).toEqual(['recorded', 'refused'])
    const { outcome } = (await ballot()) ?? {}
    expect(results.find(({ kind }) => kind === 'refused')).toMatchObject({
      because: 'question-closed',
      ending: { outcome, by: expect.stringMatching(/^(Sven|petra)$/), at: '2026-01-01T00:10:00.000Z' },
    })
    expect((await changeNow())?.state).toBe(outcome)
    expect(answered).toHaveLength(1)
  })

  it('F11 gives up after five tries against other writers, and records nothing', async () => {
    const { vote, ports, ledger, ballot } = await asked()
    const busy = { ...ports, ledger: { ...ledger, commit: async () => ({ conflict: keys.ballot(changeId) }) } }
    await expect(vote('olivia', {}, busy)).rejects.toThrow('DD1702')
    expect((await ballot())?.answers).toEqual([])
  })

  it('F13 B31 counts no vote when the change moves between reading and writing', async () => {
    const { vote, ports, ledger, setChange, ballot } = await asked()
    let isFirst = true
    const racing = {
      ...ports,
      ledger: {
        ...ledger,
        commit: async (transaction: Parameters<typeof ledger.commit>[0]) => {
          if (isFirst) {
            isFirst = false
            await setChange({ state: 'planned', planHash: 'c'.repeat(64) })
          }
          return ledger.commit(transaction)
        },
      },
    }
    expect(await vote('olivia', {}, racing)).toEqual({ kind: 'refused', because: 'superseded' })
    expect((await ballot())?.answers).toEqual([])
  })

  it.each(['cancelled', 'superseded'] as const)('counts no vote on a change that was %s', async (state) => {
    const { vote, setChange, ballot } = await asked()
    await setChange({ state })
    expect(await vote('olivia')).toEqual({ kind: 'refused', because: 'withdrawn' })
    expect((await ballot())?.answers).toEqual([])
  })

  it('F14 B24 counts no vote after the deadline, whether or not the ballot was closed', async () => {
    const { vote, clock, ports, changeNow } = await asked()
    clock.advance(86_400_000)
    expect(await vote('olivia')).toMatchObject({ because: 'deadline-passed' })
    await closeBallot({ changeId }, ports)
    expect(await vote('olivia')).toMatchObject({ because: 'deadline-passed' })
    expect((await changeNow())?.state).toBe('expired')
  })

  it('F19 records a vote for which no machine waits any more as late, and says so', async () => {
    const { vote, ports, types, changeNow } = await asked({ roles: ['security'] })
    const gone = { ...ports, tokens: { succeed: async () => 'gone' as const } }
    expect(await vote('sven', {}, gone)).toMatchObject({ kind: 'recorded', outcome: 'approved', asker: 'late' })
    expect(types().at(-1)).toBe('approval.late')
    expect((await changeNow())?.state).toBe('approved')
  })

  it('F20 I14 keeps the decision when the machine cannot be told, and no token in evidence', async () => {
    const { vote, ports, leaves, counted } = await asked({ roles: ['security'] })
    const failing = { ...ports, tokens: { succeed: async () => Promise.reject(new Error('throttled token-1')) } }
    expect(await vote('sven', {}, failing)).toMatchObject({ outcome: 'approved', asker: 'unanswered' })
    expect(JSON.stringify(leaves())).not.toContain('token-1')
    expect(counted).toContain('AskerUnanswered')
    expect(await vote('sven')).toMatchObject({ kind: 'already', isSame: true })
  })

  it('B35 tells the tries left, locks at the fifth, leaves one leaf a try and none after', async () => {
    const { vote, leaves, counted } = await asked()
    for (const triesLeft of [4, 3, 2, 1, 0])
      expect(await vote('olivia', { code: 'AAAA-AAAA' })).toEqual({ kind: 'refused', because: 'wrong-code', triesLeft })
    for (let tries = 0; tries < 20; tries++) expect(await vote('olivia')).toMatchObject({ because: 'locked' })
    const refused = leaves().map(({ type }) => type)
    expect(refused.filter((type) => type === 'approval.refused')).toHaveLength(4)
    expect(refused.filter((type) => type === 'approval.locked')).toHaveLength(1)
    expect(counted.filter((name) => name === 'QuestionLinkLocked')).toHaveLength(1)
    expect(await vote('sven')).toMatchObject({ kind: 'recorded' })
  })

  it('B35 counts every one of many guesses made at once', async () => {
    const { vote, ballot } = await asked()
    const guesses = await Promise.allSettled(Array.from({ length: 40 }, () => vote('olivia', { code: 'AAAAAAAA' })))
    expect(guesses.some((guess) => guess.status === 'fulfilled' && guess.value.kind === 'recorded')).toBe(false)
    expect((await ballot())?.asked[0]?.wrongCodes).toBeLessThanOrEqual(5)
    expect((await ballot())?.answers).toEqual([])
  })

  it('B27 B23 tells a foreign secret and an unknown link apart in nothing', async () => {
    const { vote, mailer } = await asked()
    const other = askOf(mailer.sent, 'sven')
    const answers = [
      await vote('olivia', { secret: other.secret }),
      await vote('olivia', { linkId: '01J00000000000000000000099' }),
      await vote('olivia', { secret: '' }),
    ]
    for (const answer of answers) expect(answer).toEqual({ kind: 'refused', because: 'unknown-link' })
  })

  it('B23 tells nobody without the secret that a link was replaced', async () => {
    const { vote, ports, clock, mailer } = await asked()
    const { linkId, secret, code } = askOf(mailer.sent, 'olivia')
    clock.advance(1_800_000)
    await askApprovers({ changeId, step: 'remind', taskToken: 'token-2' }, ports)
    expect(await vote('olivia', { linkId, secret: 'guessed' })).toMatchObject({ because: 'unknown-link' })
    expect(await vote('olivia', { linkId, secret, code })).toMatchObject({ because: 'newer-mail' })
  })
})

describe('2.1 deciding by a signed-in session', () => {
  it('takes the session in place of link and code', async () => {
    const { signedIn, vote, leaves } = await asked()
    expect(await signedIn('OLIVIA@example.com')).toMatchObject({ kind: 'recorded', outcome: 'open' })
    expect(await vote('sven')).toMatchObject({ outcome: 'approved' })
    expect(leaves().find(({ type }) => type === 'approval.cast')?.body).toMatchObject({ via: 'session' })
  })

  it('takes it in place of the code on a link, for the approver’s own link', async () => {
    const { vote } = await asked()
    expect(await vote('olivia', { code: '', sessionAddress: 'olivia@example.com' })).toMatchObject({ kind: 'recorded' })
  })

  it.each(['sven@example.com', 'nobody@example.com'])(
    'B28 refuses the link of one in the session of %s, right code or not, and records it',
    async (sessionAddress) => {
      const { vote, types, ballot } = await asked()
      expect(await vote('olivia', { sessionAddress })).toMatchObject({ because: 'other-session' })
      expect(types().at(-1)).toBe('approval.refused')
      expect((await ballot())?.answers).toEqual([])
    },
  )

  it.each([
    ['B29 the requester', { change: { requester: 'chloe' } }, 'chloe@example.com', 'own-request'],
    ['B29 the rollback plan’s author', { plan: authoredBy('chloe') }, 'chloe@example.com', 'rollback-author'],
    ['someone who was not asked', {}, 'eddie@example.com', 'not-asked'],
  ])('refuses %s, and leaves a leaf', async (_, given, address, because) => {
    const { signedIn, leaves } = await asked(given)
    const answer = await signedIn(address)
    expect(answer.kind === 'refused' && (answer.exclusion ?? answer.because)).toBe(because)
    expect(leaves().at(-1)).toMatchObject({ type: 'approval.refused', body: { because } })
  })

  it('B31 refuses a page that showed another plan', async () => {
    const { signedIn } = await asked()
    expect(await signedIn('olivia@example.com', { planHash: 'b'.repeat(64) })).toMatchObject({ because: 'superseded' })
  })

  it('knows nobody by an address that the catalogue does not have', async () => {
    const { signedIn, leaves } = await asked()
    const before = leaves().length
    expect(await signedIn('stranger@example.com')).toMatchObject({ because: 'unknown-link' })
    expect(leaves()).toHaveLength(before)
  })
})

const twoSecurity = [...people, anyPerson('petra', { roles: ['security'] })]

function authoredBy(author: string) {
  return {
    rollbackPlan: {
      rung: 'package-downgrade' as const,
      previousVersions: {},
      author,
      reviewer: 'stella',
      rtoMinutes: 15,
    },
  }
}
