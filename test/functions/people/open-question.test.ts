import { describe, expect, it } from 'vitest'
import { run, unanswerableText } from '../../../functions/people/open-question.ts'
import { anySpotCheck, hostId, spotCheckOf } from './spot-check.ts'

const opened = (types: readonly string[]) => types.filter((type) => type === 'spot-check.opened').length

describe('2.1 run of open-question', () => {
  it('opens a question on the same hash once', async () => {
    const { ports, types, opened: first } = await anySpotCheck()
    expect(await run(spotCheckOf(hostId, 'c'.repeat(64)), ports)).toEqual(first)
    expect(opened(types())).toBe(1)
  })

  it('replaces a question on another hash, and one that ended', async () => {
    const { ports, types, followUp, answer, question } = await anySpotCheck()
    await run(spotCheckOf(hostId, 'd'.repeat(64)), ports)
    expect((await question())?.subjectHash).toBe('d'.repeat(64))
    await run(spotCheckOf(hostId, 'c'.repeat(64)), ports)
    await followUp()
    await answer('stella')
    expect((await question())?.outcome).toBe('passed')
    await run(spotCheckOf(hostId, 'c'.repeat(64)), ports)
    expect([(await question())?.outcome, opened(types())]).toEqual(['open', 4])
  })

  it('asks nobody yet', async () => {
    const { mailer, question } = await anySpotCheck()
    expect([mailer.sent, (await question())?.asked.map(({ linkId }) => linkId)]).toEqual([[], ['']])
  })

  it('leaves nothing behind where nobody can answer', async () => {
    const { opened: result, question, types } = await anySpotCheck([])
    expect([result, await question(), types()]).toEqual([
      { missing: ['operations'], unheld: ['operations'] },
      undefined,
      [],
    ])
  })

  it('refuses a purpose that nobody registered', async () => {
    const { ports } = await anySpotCheck()
    await expect(run({ ...spotCheckOf(hostId, 'c'), purpose: 'other' }, ports)).rejects.toThrow(/DD1707/)
  })
})

describe('2.1 unanswerableText', () => {
  it('says whether nobody holds the role, or one person would have to give two', () => {
    expect(unanswerableText({ missing: ['a', 'b'], unheld: ['b'] }, 'authors')).toBe(
      'nobody eligible has the role b; authors do not count',
    )
    expect(unanswerableText({ missing: ['a'], unheld: [] }, 'authors')).toMatch(
      /^the quorum needs another person with the role a/,
    )
  })

  it('refuses to give words to a question that misses nothing', () => {
    expect(() => unanswerableText({ missing: [], unheld: [] }, 'authors')).toThrow(/DD1707/)
  })
})
