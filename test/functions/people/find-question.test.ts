import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/people/find-question.ts'
import { anySpotCheck, hostId } from './spot-check.ts'

const by = (sessionAddress: string, subject = hostId) => ({ purpose: 'spot-check', subject, sessionAddress })

describe('2.1 run of find-question', () => {
  it('finds the person by the address of the session, also one who was not asked', async () => {
    const { ports } = await anySpotCheck()
    expect(await run(by('DORA@example.com'), ports)).toMatchObject({ personId: 'dora' })
  })

  it.each([
    ['an address that the catalogue does not have', by('nobody@example.com')],
    ['a subject that nobody asks about', by('dora@example.com', 'i-00000009')],
  ])('tells nothing about %s', async (_, name) => {
    const { ports } = await anySpotCheck()
    expect(await run(name, ports)).toEqual({ refused: 'unknown-link' })
  })

  it.each([
    ['superseded', { checklist: 'd'.repeat(64) }],
    ['withdrawn', { isWanted: false }],
  ])('says that a question was %s', async (refused, check) => {
    const { ports, setCheck } = await anySpotCheck()
    await setCheck(check)
    expect(await run(by('stella@example.com'), ports)).toEqual({ refused })
  })
})
