import { describe, expect, it } from 'vitest'
import { isWithdrawn, readQuestion, run } from '../../../functions/people/follow-link.ts'
import { anySpotCheck, hostId, hourMs } from './spot-check.ts'

async function asked() {
  const world = await anySpotCheck()
  await world.followUp()
  return world
}

describe('2.1 run of follow-link', () => {
  it('leads to the question and to the person that the mail went to', async () => {
    const { ports, linkOf } = await asked()
    expect(await run(linkOf('stella'), ports)).toMatchObject({
      asked: { personId: 'stella' },
      question: { version: 3 },
    })
  })

  it.each([
    ['another secret', { secret: 'other' }],
    ['a truncated secret', { secret: '' }],
    ['another id', { linkId: 'other' }],
  ])('answers %s like a link that never was', async (_, wrong) => {
    const { ports, linkOf } = await asked()
    expect(await run({ ...linkOf('stella'), ...wrong }, ports)).toEqual({ refused: 'unknown-link' })
  })

  it('says that a newer mail took its place', async () => {
    const { ports, linkOf, clock, followUp } = await asked()
    const old = linkOf('stella')
    clock.advance(hourMs)
    await followUp()
    expect(await run(old, ports)).toEqual({ refused: 'newer-mail' })
  })

  it.each([
    ['superseded', { checklist: 'd'.repeat(64) }],
    ['withdrawn', { isWanted: false }],
  ])('says that its question was %s', async (refused, check) => {
    const { ports, linkOf, setCheck } = await asked()
    const link = linkOf('stella')
    await setCheck(check)
    expect(await run(link, ports)).toEqual({ refused })
  })
})

describe('2.1 readQuestion and isWithdrawn', () => {
  const name = { purpose: 'spot-check', subject: hostId }

  it('finds no question of a subject that is not there', async () => {
    const { ports } = await anySpotCheck()
    expect(await readQuestion({ ...name, subject: 'i-00000009' }, ports)).toBeUndefined()
  })

  it('calls a question withdrawn only while it is open', async () => {
    const { ports, followUp, answer, setCheck } = await asked()
    await followUp()
    await answer('stella')
    await setCheck({ isWanted: false })
    const now = await readQuestion(name, ports)
    expect(now && [now.question.value.outcome, isWithdrawn(now)]).toEqual(['passed', false])
  })
})
