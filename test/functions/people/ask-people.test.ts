import { describe, expect, it } from 'vitest'
import { transactionItemsMax } from '../../../functions/kit/ledger.ts'
import { askedAtOnceMax, run } from '../../../functions/people/ask-people.ts'
import { anyPerson } from './any-people.ts'
import { anySpotCheck, hostId, stewards } from './spot-check.ts'

const name = { purpose: 'spot-check', subject: hostId }

describe('2.1 run of ask-people', () => {
  it('mails each person once, however often they are to be asked', async () => {
    const { ports, mails } = await anySpotCheck()
    expect(await run({ ...name, step: 'ask' }, ports)).toEqual({ outcome: 'open', asked: 1 })
    expect(await run({ ...name, step: 'ask' }, ports)).toEqual({ outcome: 'open', asked: 0 })
    expect(mails()).toEqual(['stella'])
  })

  it('reminds once; a second reminder is a look', async () => {
    const { ports, mailer, question } = await anySpotCheck()
    await run({ ...name, step: 'ask' }, ports)
    for (let times = 0; times < 2; times++) await run({ ...name, step: 'remind' }, ports)
    expect(mailer.sent.map(({ subject }) => subject.split(' ')[0])).toEqual(['Look', 'Reminder:'])
    expect(await question()).toMatchObject({ isReminded: true, isEscalated: false })
  })

  it('makes a new link of which only digests are kept, and forgets wrong codes', async () => {
    const { ports, question, answer, linkOf } = await anySpotCheck()
    await run({ ...name, step: 'ask' }, ports)
    await answer('stella', { code: 'ZZZZZZZZ' })
    const [before] = (await question())?.asked ?? []
    await run({ ...name, step: 'remind' }, ports)
    const [after] = (await question())?.asked ?? []
    expect([before?.wrongCodes, after?.wrongCodes, before?.linkId === after?.linkId]).toEqual([1, 0, false])
    const { secret, code } = linkOf('stella')
    expect(JSON.stringify(after)).not.toMatch(new RegExp(`${secret}|${code}`))
  })

  it('adds those who stand in, and files for which roles', async () => {
    const { ports, mails, leafOf } = await anySpotCheck()
    await run({ ...name, step: 'escalate' }, ports)
    expect(mails()).toEqual(['stella', 'chloe'])
    expect(leafOf('spot-check.escalated')?.body).toMatchObject({
      standIns: [{ personId: 'chloe', standsInFor: ['operations'] }],
    })
  })

  it('keeps the token of a machine that waits, also where nobody is to be asked', async () => {
    const { ports, question, types } = await anySpotCheck()
    await run({ ...name, step: 'ask' }, ports)
    await run({ ...name, step: 'ask', taskToken: 't1' }, ports)
    expect([(await question())?.taskToken, types().at(-1)]).toEqual(['t1', 'spot-check.awaited'])
  })

  it('asks nobody of a question that ended, or whose subject no longer waits', async () => {
    const { ports, setCheck, mails } = await anySpotCheck()
    await setCheck({ isWanted: false })
    expect(await run({ ...name, step: 'ask' }, ports)).toEqual({ outcome: 'withdrawn', asked: 0 })
    expect(mails()).toEqual([])
  })

  it('refuses a question that was never opened', async () => {
    const { ports } = await anySpotCheck()
    await expect(run({ ...name, subject: 'i-00000009', step: 'ask' }, ports)).rejects.toThrow(/DD1701/)
  })

  it('sends the other mails where one mailbox refuses, says whose, and tries that one again', async () => {
    const people = [...stewards, anyPerson('steve', { roles: ['operations'] })]
    const { ports, mails, question } = await anySpotCheck(people)
    const send: typeof ports.mailer.send = async (channel, id, mail) =>
      id === 'stella' ? Promise.reject(new Error('full')) : ports.mailer.send(channel, id, mail)
    await expect(run({ ...name, step: 'ask' }, { ...ports, mailer: { send } })).rejects.toThrow(
      /DD1705: no mail could be sent to stella on/,
    )
    expect([mails(), (await question())?.asked.map(({ mailFailures }) => mailFailures)]).toEqual([['steve'], [1, 0]])
    expect(await run({ ...name, step: 'ask' }, ports)).toEqual({ outcome: 'open', asked: 1 })
    expect(mails()).toEqual(['steve', 'stella'])
  })
})

describe('2.1 askedAtOnceMax', () => {
  it('leaves room in a transaction for the question and its leaf', () => {
    expect(askedAtOnceMax + 2).toBeLessThanOrEqual(transactionItemsMax)
  })
})
