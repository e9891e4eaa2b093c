import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/people/close-question.ts'
import { anySpotCheck, hostId, hourMs } from './spot-check.ts'

const name = { purpose: 'spot-check', subject: hostId }
const nothingDue = { step: 'none', waitSeconds: 1 }

describe('2.1 run of close-question', () => {
  it('leaves an open question open, and says what is due', async () => {
    const { ports, clock } = await anySpotCheck()
    expect(await run(name, ports)).toMatchObject({ outcome: 'open', step: 'ask' })
    clock.advance(hourMs)
    expect(await run(name, ports)).toMatchObject({ outcome: 'open', step: 'remind' })
  })

  it('expires it at the deadline and not a moment before, once', async () => {
    const { ports, clock, types } = await anySpotCheck()
    clock.advance(24 * hourMs - 1)
    expect(await run(name, ports)).toMatchObject({ outcome: 'open' })
    clock.advance(1)
    expect(await run(name, ports)).toEqual({ outcome: 'expired', ...nothingDue })
    expect(await run(name, ports)).toEqual({ outcome: 'expired', ...nothingDue })
    expect(types().filter((type) => type === 'spot-check.expired')).toHaveLength(1)
  })

  it('keeps a decision that came before the deadline', async () => {
    const { ports, clock, followUp, answer } = await anySpotCheck()
    await followUp()
    await answer('stella')
    clock.advance(25 * hourMs)
    expect(await run(name, ports)).toEqual({ outcome: 'passed', ...nothingDue })
  })

  it.each([
    ['no longer waits', { isWanted: false }],
    ['is another by now', { checklist: 'd'.repeat(64) }],
  ])('calls a question withdrawn whose subject %s, also after its deadline', async (_, check) => {
    const { ports, clock, setCheck, types } = await anySpotCheck()
    await setCheck(check)
    expect(await run(name, ports)).toEqual({ outcome: 'withdrawn', ...nothingDue })
    clock.advance(25 * hourMs)
    expect(await run(name, ports)).toEqual({ outcome: 'withdrawn', ...nothingDue })
    expect(types()).toEqual(['spot-check.opened'])
  })

  it('refuses a question that was never opened', async () => {
    const { ports } = await anySpotCheck()
    await expect(run({ ...name, subject: 'i-00000009' }, ports)).rejects.toThrow(/DD1701/)
  })
})
