import { describe, expect, it } from 'vitest'
import { roleOfPerson, soleHolderOf } from '../../../functions/people/person-role.ts'

describe('the role of one person', () => {
  it('names who alone holds it', () => {
    expect(roleOfPerson('stella')).toBe('person:stella')
    expect(soleHolderOf('person:stella')).toBe('stella')
  })

  it('is no role of the catalogue', () => {
    expect(soleHolderOf('service-owner')).toBeUndefined()
    expect(soleHolderOf('no-person:stella')).toBeUndefined()
  })
})
