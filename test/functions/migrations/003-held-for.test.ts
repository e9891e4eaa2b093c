import { describe, expect, it } from 'vitest'
import { heldFor } from '../../../functions/migrations/003-held-for.ts'
import { anyItem } from './any-item.ts'

const held = (more: object) => anyItem('change', { state: 'held', heldBecause: 'frozen', ...more })
const endedBy = (item: ReturnType<typeof held>) => heldFor.up(item)[0]?.value

describe('003-held-for', () => {
  it('ends a hold with a time at that time, and any other by people', () => {
    expect(endedBy(held({ heldUntil: '2026-01-01T00:00:00Z' }))).toMatchObject({
      heldFor: [{ because: 'frozen', endedBy: { kind: 'time', at: '2026-01-01T00:00:00Z' } }],
    })
    expect(endedBy(held({}))).toMatchObject({ heldFor: [{ endedBy: { kind: 'person', role: 'operations' } }] })
  })

  it('says that a reason is unknown that nobody wrote down', () => {
    expect(endedBy(anyItem('change', { state: 'held' }))).toMatchObject({ heldFor: [{ because: 'unknown' }] })
  })

  it.each([
    ['a change that is not held', anyItem('change', { state: 'rollout' })],
    ['one that says already what ends it', held({ heldFor: [] })],
    ['another kind', anyItem('finding', { state: 'held' })],
  ])('leaves %s alone', (_, item) => {
    expect(heldFor.up(item)).toEqual([item])
  })

  it('goes back to what it came from', () => {
    expect(heldFor.up(held({})).flatMap(heldFor.down)).toEqual([held({})])
  })
})
