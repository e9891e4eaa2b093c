import { describe, expect, it } from 'vitest'
import { serviceOccupancy } from '../../../functions/migrations/002-service-occupancy.ts'
import { anyItem } from './any-item.ts'

const old = anyItem('service-work', { hosts: ['h'], above: { x: 1 }, wants: { below: { c1: 1 }, above: { c2: 2 } } })
const today = anyItem('service-occupancy', {
  hosts: ['h'],
  dependentsDown: { x: 1 },
  waiting: { forService: { c1: 1 }, forDependents: { c2: 2 } },
})

describe('002-service-occupancy', () => {
  it('renames the kind with its fields, each way', () => {
    expect([serviceOccupancy.up(old), serviceOccupancy.down(today)]).toEqual([[today], [old]])
  })

  it('takes fields that are missing for empty', () => {
    expect(serviceOccupancy.up(anyItem('service-work', {}))[0]?.value).toEqual({
      dependentsDown: {},
      waiting: { forService: {}, forDependents: {} },
    })
  })

  it('leaves alone what has gone that way, and other kinds', () => {
    expect(serviceOccupancy.up(today)).toEqual([today])
    expect(serviceOccupancy.down(old)).toEqual([old])
  })
})
