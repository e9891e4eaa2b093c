import { describe, expect, it } from 'vitest'
import { drivers } from '../../../functions/migrations/004-drivers.ts'
import { anyItem } from './any-item.ts'

describe('004-drivers', () => {
  it.each(['driver', 'last-catalogue'])('takes a %s away for an older Drydock, and makes none for a newer', (kind) => {
    expect([drivers.down(anyItem(kind, {})), drivers.up(anyItem(kind, {}))]).toEqual([[], [anyItem(kind, {})]])
  })

  it('keeps every other record', () => {
    expect(drivers.down(anyItem('change', {}))).toHaveLength(1)
  })
})
