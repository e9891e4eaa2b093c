import { describe, expect, it } from 'vitest'
import { priority } from '../../../functions/migrations/001-priority.ts'
import { anyItem } from './any-item.ts'

describe('001-priority', () => {
  it.each(['change', 'assessment'])('renames the order of a %s, and back', (kind) => {
    const [old, today] = [anyItem(kind, { order: 7, a: 1 }), anyItem(kind, { priority: 7, a: 1 })]
    expect([priority.up(old), priority.down(today)]).toEqual([[today], [old]])
  })

  it('leaves the order of a host in a plan alone', () => {
    const plan = anyItem('plan', { order: 7 })
    expect(priority.up(plan)).toEqual([plan])
  })

  it.each([
    ['has been through it', { priority: 7 }],
    ['has both names, of which one would be lost', { order: 1, priority: 7 }],
    ['has no fields', [1]],
  ])('leaves a change alone that %s', (_, value) => {
    const item = anyItem('change', value)
    expect(priority.up(item)).toEqual([item])
  })
})
