import { describe, expect, it } from 'vitest'
import { run as delegateQuestion } from '../../../functions/people/delegate-question.ts'
import { run as followUpQuestions } from '../../../functions/people/follow-up-questions.ts'
import { run as openRecordedQuestion } from '../../../functions/people/open-question.ts'
import { anyPerson } from './any-people.ts'
import { anySpotCheck, hostId, hourMs, spotCheckOf, stewards } from './spot-check.ts'

const without = (id: string) => stewards.filter((person) => person.id !== id)

async function asked() {
  const world = await anySpotCheck()
  await world.followUp()
  return world
}

describe('2.1 6.6 a purpose that people does not know asks by the same room', () => {
  it('asks those who hold the role and are not excluded, by a mail with a link and a code, and files it', async () => {
    const { mailer, mails, types, leafOf, due } = await asked()
    expect(mails()).toEqual(['stella'])
    expect(mailer.sent[0]?.subject).toBe('Look at i-00000001 before 2026-01-02 00:00 UTC')
    expect(types()).toEqual(['spot-check.opened', 'spot-check.asked', 'spot-check.mailed'])
    expect(leafOf('spot-check.asked')?.body).toMatchObject({ hostId, asked: ['stella'] })
    expect(await due()).toEqual(['2026-01-01T01:00:00.000Z#spot-check#i-00000001'])
  })

  it('asks nobody a second time while nothing is due, and leaves nothing behind by looking', async () => {
    const { followUp, mails, types } = await asked()
    const before = types()
    expect(await followUp()).toEqual({ looked: [], failed: [] })
    expect([mails(), types()]).toEqual([['stella'], before])
  })

  it('opens the same question once, and another in its place when what is asked about changed', async () => {
    const { opened, ports, types, question } = await asked()
    expect(opened).toMatchObject({ outcome: 'open' })
    await openRecordedQuestion(spotCheckOf(hostId, 'c'.repeat(64)), ports)
    expect(types().filter((type) => type === 'spot-check.opened')).toHaveLength(1)
    await openRecordedQuestion(spotCheckOf(hostId, 'd'.repeat(64)), ports)
    expect(await question()).toMatchObject({ subjectHash: 'd'.repeat(64), asked: [{ linkId: '' }] })
  })

  it('says which role nobody can give', async () => {
    const { opened } = await anySpotCheck(without('stella'))
    expect(opened).toEqual({ missing: ['operations'], unheld: ['operations'] })
  })

  it('takes an answer by link and code, files it with its details, nudges the asker by name, who reads it', async () => {
    const { answer, nudged, question, leafOf, due } = await asked()
    expect(await answer('stella', { comment: 'fine' })).toEqual({
      kind: 'recorded',
      choice: 'well',
      outcome: 'passed',
      asker: 'answered',
    })
    expect(nudged).toEqual([{ purpose: 'spot-check', subject: hostId, outcome: 'passed' }])
    const details = '{"checked":["disk","logs"]}'
    expect(await question()).toMatchObject({
      outcome: 'passed',
      answers: [{ personId: 'stella', choice: 'well', comment: 'fine', details, via: 'code' }],
    })
    expect(leafOf('spot-check.answered')).toMatchObject({
      actor: 'stella',
      body: { hostId, details, outcome: 'passed' },
    })
    expect(await due()).toEqual([])
  })

  it('takes an answer by a signed-in session, which needs no link', async () => {
    const { inSession, question } = await asked()
    expect(await inSession('STELLA@example.com')).toMatchObject({ kind: 'recorded', outcome: 'passed' })
    expect((await question())?.answers).toMatchObject([{ personId: 'stella', via: 'session' }])
  })

  it('refuses a second answer: the same person is told the first, another that it was decided and by whom', async () => {
    const { answer, inSession, followUp, clock, question } = await asked()
    clock.advance(2 * hourMs)
    await followUp()
    await followUp()
    await answer('stella')
    expect(await answer('stella', { choice: 'ill' })).toMatchObject({ kind: 'already', isSame: false })
    expect(await inSession('chloe@example.com')).toMatchObject({
      kind: 'refused',
      because: 'question-closed',
      ending: { outcome: 'passed', by: 'stella' },
    })
    expect((await question())?.answers).toHaveLength(1)
  })

  it('a final choice of anyone who was asked ends it at once', async () => {
    const { answer } = await asked()
    expect(await answer('stella', { choice: 'ill' })).toMatchObject({ kind: 'recorded', outcome: 'failed' })
  })

  it('tells the excluded why, and those who were not asked that they were not', async () => {
    const { inSession } = await asked()
    expect(await inSession('sven@example.com')).toMatchObject({ because: 'excluded', exclusion: 'did-the-work' })
    expect(await inSession('dora@example.com')).toMatchObject({ because: 'not-asked' })
    expect(await inSession('nobody@example.com')).toMatchObject({ because: 'unknown-link' })
  })

  it('reminds once, with a new link that opens a lock and replaces the old', async () => {
    const { linkOf, answer, followUp, clock, mailer, types, ports } = await asked()
    const old = linkOf('stella')
    for (let tries = 0; tries < 5; tries++) await answer('stella', { code: 'ZZZZZZZZ' })
    expect(await answer('stella')).toMatchObject({ because: 'locked' })
    clock.advance(hourMs)
    for (let looks = 0; looks < 3; looks++) await followUp()
    expect(mailer.sent.map(({ subject }) => subject.split(' ')[0])).toEqual(['Look', 'Reminder:'])
    expect(types().filter((type) => type === 'spot-check.reminded')).toHaveLength(1)
    expect(await delegateQuestion({ proof: old, to: 'dora' }, ports)).toMatchObject({ because: 'newer-mail' })
    expect(await answer('stella')).toMatchObject({ kind: 'recorded' })
  })

  it('escalates once to those who stand in, who may then answer', async () => {
    const { answer, followUp, clock, mails, types, question } = await asked()
    clock.advance(2 * hourMs)
    for (let looks = 0; looks < 3; looks++) await followUp()
    expect(mails()).toEqual(['stella', 'stella', 'chloe'])
    expect(types().filter((type) => type === 'spot-check.escalated')).toHaveLength(1)
    expect((await question())?.asked.at(-1)).toMatchObject({ personId: 'chloe', standsInFor: ['operations'] })
    expect(await answer('chloe')).toMatchObject({ kind: 'recorded', outcome: 'passed' })
  })

  it('escalates before the hour when whoever was asked left the catalogue', async () => {
    const { setPeople, followUp, clock, mails } = await asked()
    await setPeople(without('stella'))
    clock.advance(hourMs)
    await followUp()
    await followUp()
    expect(mails()).toEqual(['stella', 'chloe'])
  })

  it('expires at the deadline, tells the asker, and takes no answer after it', async () => {
    const { answer, followUp, clock, nudged, types, due } = await asked()
    clock.advance(24 * hourMs)
    expect(await answer('stella')).toMatchObject({ because: 'deadline-passed' })
    expect(await followUp()).toMatchObject({ looked: [{ subject: hostId, outcome: 'expired', step: 'none' }] })
    expect(nudged).toEqual([{ purpose: 'spot-check', subject: hostId, outcome: 'expired' }])
    expect(types().at(-1)).toBe('spot-check.expired')
    expect(await answer('stella')).toMatchObject({ because: 'deadline-passed' })
    expect(await due()).toEqual([])
  })

  it('takes no answer on another subject than was shown, or on one that no longer waits', async () => {
    const { answer, setCheck } = await asked()
    await setCheck({ checklist: 'e'.repeat(64) })
    expect(await answer('stella')).toMatchObject({ because: 'superseded' })
    await setCheck({ isWanted: false })
    expect(await answer('stella')).toMatchObject({ because: 'withdrawn' })
  })

  it('a question on what never came to wait again is looked at no more after its deadline', async () => {
    const { setCheck, followUp, clock, due, types } = await asked()
    await setCheck({ isWanted: false })
    clock.advance(hourMs)
    await followUp()
    expect(await due()).toHaveLength(1)
    clock.advance(24 * hourMs)
    await followUp()
    expect([await due(), types().at(-1)]).toEqual([[], 'spot-check.withdrawn'])
  })

  it.each([
    ['a choice that is not offered', { choice: 'maybe' }],
    ['details of another shape', { details: { checked: 'disk' } }],
    ['half a surrogate pair in the comment', { comment: 'x\ud800' }],
    ['half a surrogate pair in the details', { details: { checked: ['\udfff'] } }],
    ['details that are too long', { details: { checked: Array.from({ length: 21 }, () => 'x') } }],
  ])('refuses %s, and counts nothing, not even a wrong code', async (_, more) => {
    const { answer, question, types } = await asked()
    const before = [await question(), types()]
    expect(await answer('stella', { code: 'ZZZZZZZZ', ...more })).toEqual({
      kind: 'refused',
      because: 'unreadable-answer',
    })
    expect([await question(), types()]).toEqual(before)
  })

  it('one mailbox that refuses is tried again at the next look, and nobody else waits for it', async () => {
    const world = await anySpotCheck([...stewards, anyPerson('omar', { roles: ['operations'] })])
    const { mailer, ports } = world
    const { send } = mailer
    mailer.send = async (channel, personId, mail) => {
      if (personId === 'stella') throw new Error('MessageRejected')
      await send(channel, personId, mail)
    }
    expect((await followUpQuestions(ports)).failed).toMatchObject([
      { subject: hostId, because: expect.stringContaining('stella') },
    ])
    mailer.send = send
    expect((await followUpQuestions(ports)).failed).toEqual([])
    expect(world.mails()).toEqual(['omar', 'stella'])
  })

  it('asks 250 people of one role, each once, in transactions that DynamoDB takes', async () => {
    const crowd = Array.from({ length: 250 }, (_, index) => anyPerson(`p${index}`, { roles: ['operations'] }))
    const world = await anySpotCheck(crowd)
    expect((await world.followUp()).failed).toEqual([])
    expect(new Set(world.mails()).size).toBe(250)
    world.clock.advance(hourMs)
    expect((await world.followUp()).failed).toEqual([])
    expect(world.mailer.sent.slice(250).filter(({ subject }) => subject.startsWith('Reminder'))).toHaveLength(250)
  })
})

describe('delegation', () => {
  it('hands the question over: the delegate gets a link, and the answer is theirs', async () => {
    const { delegate, followUp, answer, mails, question, leafOf } = await asked()
    expect(await delegate('stella', 'dora')).toEqual({ kind: 'delegated', to: 'dora' })
    expect(leafOf('spot-check.delegated')).toMatchObject({ actor: 'stella', body: { hostId, to: 'dora' } })
    await followUp()
    expect(mails()).toEqual(['stella', 'dora'])
    expect(await answer('stella')).toMatchObject({ because: 'delegated' })
    expect(await answer('dora')).toMatchObject({ kind: 'recorded', outcome: 'passed' })
    expect((await question())?.answers).toMatchObject([{ personId: 'dora' }])
  })

  it('the delegate gives what the delegator holds now, and nothing once they lost it', async () => {
    const { delegate, followUp, answer, setPeople } = await asked()
    await delegate('stella', 'dora')
    await followUp()
    await setPeople([...without('stella'), anyPerson('stella', { roles: ['service-owner'] })])
    expect(await answer('dora')).toMatchObject({ because: 'not-asked' })
  })

  it.each([
    ['the excluded', 'sven', 'excluded-delegate'],
    ['someone whom the catalogue does not have', 'mallory', 'unknown-delegate'],
    ['themselves', 'stella', 'asked-already'],
  ])('refuses %s as delegate', async (_, to, because) => {
    const { delegate, question } = await asked()
    expect(await delegate('stella', to)).toEqual({ kind: 'refused', because })
    expect((await question())?.asked).toHaveLength(1)
  })

  it('counts a wrong code as for an answer, and refuses a second time', async () => {
    const { delegate, question } = await asked()
    expect(await delegate('stella', 'dora', { code: 'ZZZZZZZZ' })).toEqual({ kind: 'refused', because: 'wrong-code' })
    expect((await question())?.asked).toMatchObject([{ personId: 'stella', wrongCodes: 1 }])
    await delegate('stella', 'dora')
    expect(await delegate('stella', 'chloe')).toEqual({ kind: 'refused', because: 'delegated' })
  })
})
