import { describe, expect, it } from 'vitest'
import { contactOf } from '../../../functions/console/contact.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { anyPerson } from '../people/any-people.ts'
import { anySpotCheck } from '../people/spot-check.ts'

describe('2.2 contactOf', () => {
  it('names the change managers, three at most, and nobody else', async () => {
    const managers = ['m1', 'm2', 'm3', 'm4'].map((id) => anyPerson(id, { roles: ['change-manager'] }))
    const { ledger } = await anySpotCheck([anyPerson('owner'), ...managers])
    expect(await contactOf(ledger)).toBe(
      'the change manager (m1, m1@example.com; m2, m2@example.com; m3, m3@example.com)',
    )
  })

  it('says whom to ask also where none is named, or no catalogue is there', async () => {
    const { ledger } = await anySpotCheck([anyPerson('owner')])
    expect([await contactOf(ledger), await contactOf(memoryLedger())]).toEqual([
      'the change manager',
      'the change manager',
    ])
  })
})
