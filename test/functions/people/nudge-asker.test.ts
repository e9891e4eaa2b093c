import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/people/nudge-asker.ts'
import { anyQuestion } from './any-question.ts'
import { anySpotCheck } from './spot-check.ts'

/** The ports of a spot check; the machine answers as told, and what is told to either is kept. */
async function anyAsker(answer: () => Promise<'answered' | 'gone'>) {
  const world = await anySpotCheck()
  const told: unknown[] = []
  const succeed = (token: string, output: object) => {
    told.push([token, output])
    return answer()
  }
  return { ...world, told, ports: { ...world.ports, tokens: { succeed } } }
}
const ended = { outcome: 'passed', taskToken: 'token-1' }
const lateLeaves = (types: readonly string[]) => types.filter((type) => type === 'spot-check.late').length

describe('F19 F20 run of nudge-asker', () => {
  it('tells nobody of a question that is open', async () => {
    const { ports, told, nudged } = await anyAsker(async () => 'answered')
    expect(await run(anyQuestion({ taskToken: 'token-1' }), 'stella', ports)).toBe('answered')
    expect([told, nudged]).toEqual([[], []])
  })

  it('answers the machine that waits, and no room besides', async () => {
    const { ports, told, nudged, types } = await anyAsker(async () => 'answered')
    expect(await run(anyQuestion(ended), 'stella', ports)).toBe('answered')
    expect([told, nudged, lateLeaves(types())]).toEqual([[['token-1', { outcome: 'passed' }]], [], 0])
  })

  it('wakes the room by the name of its purpose where no machine waits', async () => {
    const { ports, told, nudged } = await anyAsker(async () => 'answered')
    await run(anyQuestion({ outcome: 'failed' }), 'stella', ports)
    expect([told, nudged]).toMatchObject([[], [{ purpose: 'spot-check', outcome: 'failed' }]])
  })

  it('files that the machine no longer waits, and counts it', async () => {
    const { ports, leafOf } = await anyAsker(async () => 'gone')
    const counted: string[] = []
    const metrics = { count: (name: string) => void counted.push(name) }
    expect(await run(anyQuestion(ended), 'stella', { ...ports, metrics })).toBe('late')
    expect(counted).toEqual(['AskerUnanswered'])
    expect(leafOf('spot-check.late')).toMatchObject({ actor: 'stella', body: { outcome: 'passed', because: 'late' } })
  })

  it('I14 files the name of a fault and never its message, which could repeat the token', async () => {
    const { ports, leafOf } = await anyAsker(async () => Promise.reject(new TypeError('bad token-1')))
    expect(await run(anyQuestion(ended), 'stella', ports)).toBe('unanswered')
    expect(leafOf('spot-check.late')?.body).toMatchObject({ because: 'TypeError' })
    expect(JSON.stringify(leafOf('spot-check.late'))).not.toContain('token-1')
  })
})
