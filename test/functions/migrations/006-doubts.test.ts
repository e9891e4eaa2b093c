import { describe, expect, it } from 'vitest'
import { doubts } from '../../../functions/migrations/006-doubts.ts'
import { anyItem } from './any-item.ts'

describe('006-doubts', () => {
  it('takes the instant away for an older Drydock, from a ring alone', () => {
    const value = { state: 'open', doubtedSince: '2026-01-01T00:00:00.000Z' }
    expect(doubts.down(anyItem('ring', value))).toEqual([anyItem('ring', { state: 'open' })])
    expect(doubts.down(anyItem('change', value))).toEqual([anyItem('change', value)])
  })

  it('leaves a ring without doubt alone, and every record on the way up', () => {
    const ring = anyItem('ring', { state: 'open' })
    expect([doubts.down(ring), doubts.up(ring)]).toEqual([[ring], [ring]])
  })
})
