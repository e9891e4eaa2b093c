import { describe, expect, it } from 'vitest'
import { unknown } from '../../../functions/catalogue/mistake.ts'

describe('B45 unknown', () => {
  it('finds no mistake in a name that is known', () => {
    expect(unknown('service', 'web', ['web'], ['a'])).toEqual([])
  })

  it('says which name is not known, where, and what may be meant', () => {
    expect(unknown('service', 'wep', ['web'], ['services', 0])).toEqual([
      { path: ['services', 0], message: 'no service "wep"', didYouMean: 'web' },
    ])
  })

  it('guesses nothing where nothing is near', () => {
    expect(unknown('person', 'olivia', ['web'], [])).toEqual([{ path: [], message: 'no person "olivia"' }])
  })
})
