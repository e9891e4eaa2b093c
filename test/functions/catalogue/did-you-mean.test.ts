import { describe, expect, it } from 'vitest'
import { nearest } from '../../../functions/catalogue/did-you-mean.ts'

describe('B45 nearest', () => {
  it.each([
    ['a letter too many', 'ownerr', 'owner'],
    ['a letter too few', 'ower', 'owner'],
    ['another letter', 'awner', 'owner'],
    ['another case', 'OWNER', 'owner'],
    ['a letter off in a word of two', 'ax', 'ab'],
  ])('finds the name that was meant: %s', (_, word, meant) => {
    expect(nearest(word, ['owner', 'steward', 'ab'])).toBe(meant)
  })

  it('guesses nothing that is farther off than a third of the word', () => {
    expect([nearest('windows', ['wind']), nearest('window', ['wind'])]).toEqual([undefined, 'wind'])
  })

  it('takes the first in text order of two that are as near', () => {
    expect(nearest('cat', ['rat', 'bat'])).toBe('bat')
  })

  it('guesses nothing where nothing is known', () => {
    expect(nearest('cat', [])).toBeUndefined()
  })
})
