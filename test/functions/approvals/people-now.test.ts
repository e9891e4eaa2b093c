import { describe, expect, it } from 'vitest'
import { run as askApprovers } from '../../../functions/approvals/ask-approvers.ts'
import { isApproved } from '../../../functions/approvals/ballot.ts'
import { run as closeBallot } from '../../../functions/approvals/close-ballot.ts'
import { run as openBallot } from '../../../functions/approvals/open-ballot.ts'
import type { Person } from '../../../functions/catalogue/catalogue.ts'
import { anyApprovals, anyPerson, askOf, changeId, decide, decideSignedIn, people } from './any-approvals.ts'
import { planHash } from './any-ballot.ts'

const without = (id: string) => people.filter((person) => person.id !== id)
const withOther = (person: Person) => [...without(person.id), person]
const requesters = [...people, anyPerson('rita', { roles: ['operations'] })]

/** Each says what became of Olivia since she was asked; Rita requested the change. */
const since: readonly (readonly [string, readonly Person[], string])[] = [
  ['was removed from the catalogue', [...without('olivia'), anyPerson('rita', { roles: ['operations'] })], 'not-asked'],
  [
    'lost the role',
    [...withOther(anyPerson('olivia', { roles: ['operations'] })), anyPerson('rita', { roles: ['operations'] })],
    'not-asked',
  ],
  [
    'turned out to be another entry of the requester',
    [
      ...withOther(anyPerson('olivia', { aliases: ['Rita+x@example.com'] })),
      anyPerson('rita', { roles: ['operations'] }),
    ],
    'own-request',
  ],
]

async function asked() {
  const set = await anyApprovals({ people: requesters, change: { requester: 'rita' } })
  await openBallot({ changeId }, set.ports)
  await askApprovers({ changeId, step: 'ask', taskToken: 'token-1' }, set.ports)
  const vote = (personId: string) => {
    const { linkId, secret, code } = askOf(set.mailer.sent, personId)
    return decide({ linkId, secret, code, choice: 'approve', comment: '' }, set.ports)
  }
  return { ...set, vote }
}

describe('11.5 I4 people and roles are those of the catalogue now', () => {
  it.each(since)('takes no vote by link of someone who %s since they were asked', async (_, now, because) => {
    const { vote, setPeople, ballot, leaves } = await asked()
    await setPeople(now)
    const answer = await vote('olivia')
    expect(answer.kind === 'refused' && (answer.exclusion ?? answer.because)).toBe(because)
    expect(leaves().at(-1)).toMatchObject({ type: 'approval.refused', actor: 'olivia', body: { because } })
    expect((await ballot())?.answers).toEqual([])
  })

  it.each(since)('takes no vote by session of someone who %s', async (_, now) => {
    const { setPeople, ports, ballot } = await asked()
    await setPeople(now)
    const session = {
      changeId,
      planHash,
      sessionAddress: 'olivia@example.com',
      choice: 'approve',
      comment: '',
    } as const
    expect(await decideSignedIn(session, ports)).toMatchObject({ kind: 'refused' })
    expect((await ballot())?.answers).toEqual([])
  })

  it.each(since)('counts an earlier vote no longer when its voter %s: the next vote ends nothing', async (_, now) => {
    const { vote, setPeople, ballot } = await asked()
    await vote('olivia')
    await setPeople(now)
    expect(await vote('sven')).toMatchObject({ kind: 'recorded', outcome: 'open' })
    expect((await ballot())?.outcome).toBe('open')
  })

  it.each(since)('an approved ballot is not approved at a gate once a voter %s', async (_, now) => {
    const { vote, ballot } = await asked()
    await vote('olivia')
    await vote('sven')
    const decided = await ballot()
    expect(decided && isApproved(decided, planHash, requesters)).toBe(true)
    expect(decided && isApproved(decided, planHash, now)).toBe(false)
  })

  it('an approved ballot on an unchanged plan is asked anew once a voter was removed', async () => {
    const { vote, setPeople, setChange, ballot, ports } = await asked()
    await vote('olivia')
    await vote('sven')
    await setPeople([...without('olivia'), anyPerson('oscar'), anyPerson('rita', { roles: ['operations'] })])
    await setChange({ state: 'in-review' })
    expect(await openBallot({ changeId }, ports)).toMatchObject({ outcome: 'open', step: 'ask' })
    expect(await ballot()).toMatchObject({ answers: [], asked: [{ personId: 'sven' }, { personId: 'oscar' }] })
  })

  it('takes the vote of someone whose name and address changed, under the new ones', async () => {
    const { vote, setPeople, mailer, ports, clock } = await asked()
    await setPeople([...withOther(anyPerson('olivia', { name: 'Olivia Neu', email: 'neu@example.com' }))])
    clock.advance(1_800_000)
    await askApprovers({ changeId, step: 'remind', taskToken: 'token-2' }, ports)
    expect(mailer.sent.map(({ to }) => to)).toContain('neu@example.com')
    expect(await vote('sven')).toMatchObject({ kind: 'recorded' })
  })

  it('asks others at once when whoever was asked can no longer give the role', async () => {
    const { setPeople, ports } = await asked()
    await setPeople(requesters.filter(({ id }) => id !== 'olivia'))
    expect(await closeBallot({ changeId }, ports)).toMatchObject({ outcome: 'open', step: 'escalate' })
  })

  it('I20 takes no vote while the catalogue cannot be read', async () => {
    const { vote, hide, ballot } = await asked()
    hide('catalogue')
    await expect(vote('olivia')).rejects.toThrow('DD1703')
    expect((await ballot())?.answers).toEqual([])
  })
})
