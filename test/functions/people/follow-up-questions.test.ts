import { describe, expect, it } from 'vitest'
import { run as askPeople } from '../../../functions/people/ask-people.ts'
import { run } from '../../../functions/people/follow-up-questions.ts'
import { anySpotCheck, hostId, hourMs } from './spot-check.ts'

const name = { purpose: 'spot-check', subject: hostId }

describe('2.1 run of follow-up-questions', () => {
  it('takes what is due, one step at a look, and nothing while nothing is', async () => {
    const { ports, clock } = await anySpotCheck()
    const steps: unknown[] = []
    for (const hours of [0, 0, 1, 0, 1, 0, 22]) {
      clock.advance(hours * hourMs)
      const { looked } = await run(ports)
      steps.push(looked.map(({ step, outcome }) => `${step} ${outcome}`).join())
    }
    expect(steps).toEqual(['ask open', '', 'remind open', '', 'escalate open', '', 'none expired'])
  })

  it('leaves a question alone that a machine drives', async () => {
    const { ports, clock } = await anySpotCheck()
    await askPeople({ ...name, step: 'ask', taskToken: 't' }, ports)
    clock.advance(25 * hourMs)
    expect(await run(ports)).toEqual({ looked: [], failed: [] })
  })

  it('retires a question whose subject never came to wait again, at its deadline', async () => {
    const { ports, clock, setCheck, question, due, types } = await anySpotCheck()
    await setCheck({ isWanted: false })
    await run(ports)
    expect((await question())?.outcome).toBe('open')
    clock.advance(24 * hourMs)
    await run(ports)
    expect([(await question())?.outcome, await due(), types().at(-1)]).toEqual([
      'withdrawn',
      [],
      'spot-check.withdrawn',
    ])
  })

  it('tells what failed, and tries it again at the next look', async () => {
    const { ports, mails } = await anySpotCheck()
    const send = async () => Promise.reject(new Error('full'))
    const { looked, failed } = await run({ ...ports, mailer: { send } })
    expect([looked, failed]).toMatchObject([[], [{ ...name, because: expect.stringContaining('stella') }]])
    await run(ports)
    expect(mails()).toEqual(['stella'])
  })
})
