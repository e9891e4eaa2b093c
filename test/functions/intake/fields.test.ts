import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  excessOf,
  firstText,
  flagOf,
  isFields,
  listOf,
  numberOf,
  own,
  shapeOf,
  textOf,
} from '../../../functions/intake/fields.ts'

describe('B11 own', () => {
  const value = JSON.parse('{"a":{"b":{"c":1}},"__proto__":{"x":1},"list":[1]}')

  it('reads the value at a path', () => {
    expect([own(value, 'a', 'b', 'c'), own(value, 'a', 'x'), own(undefined, 'a')]).toEqual([1, undefined, undefined])
  })

  it.each([['__proto__'], ['constructor'], ['toString']])('has no %s', (name) => {
    expect(own(value, name)).toBeUndefined()
  })

  it('does not look into lists', () => {
    expect(own(value, 'list', 'length')).toBeUndefined()
  })
})

describe('B12 numberOf', () => {
  it.each([
    [7, 7],
    ['7.5', 7.5],
    ['-1e3', -1000],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['1e999', undefined],
    ['', undefined],
    [' 7', undefined],
    ['0x10', undefined],
    ['7 apples', undefined],
    [true, undefined],
    [null, undefined],
  ])('reads %j as %s', (value, number) => {
    expect(numberOf(value)).toBe(number)
  })
})

describe('textOf and firstText', () => {
  it('take a finite number for text, and nothing for blanks', () => {
    expect([textOf(7), textOf('a '), textOf(' '), textOf(Number.NaN), textOf({})]).toEqual([
      '7',
      'a ',
      undefined,
      undefined,
      undefined,
    ])
    expect(firstText(undefined, ' ', 'b', 'c')).toBe('b')
  })
})

describe('flagOf', () => {
  it.each([
    ['YES', true],
    ['partial', true],
    [true, true],
    ['No', false],
    ['FALSE', false],
    ['perhaps', undefined],
    [undefined, undefined],
  ])('reads %s as %s', (value, flag) => {
    expect(flagOf(value)).toBe(flag)
  })
})

describe('listOf', () => {
  it('makes a list of one thing, and an empty one of nothing', () => {
    expect([listOf([1, 2]), listOf('a'), listOf(0), listOf(null), listOf(undefined)]).toEqual([
      [1, 2],
      ['a'],
      [0],
      [],
      [],
    ])
  })
})

describe('shapeOf', () => {
  it('names a few fields and never a value', () => {
    expect(shapeOf({ a: 'secret', b: 1 })).toBe('an object with a, b')
    expect([shapeOf([1, 2]), shapeOf(null), shapeOf({}), shapeOf('x')]).toEqual([
      'a list of 2',
      'null',
      'an empty object',
      'a string',
    ])
    expect(isFields([])).toBe(false)
  })
})

describe('B18 B19 excessOf', () => {
  const limits = { charactersMax: 20, depthMax: 3 }

  it.each([
    ['as many characters as are read', 'x'.repeat(20), undefined],
    ['one character more', 'x'.repeat(21), 'TOO_LARGE'],
    ['long names', { ['n'.repeat(17)]: '' }, 'TOO_LARGE'],
    ['many small values', [1, 1, 1, 1, 1], 'TOO_LARGE'],
    ['as many levels as are read', [[['x']]], undefined],
    ['one level more', [[[['x']]]], 'TOO_DEEP'],
  ])('tells of %s', (_, value, excess) => {
    expect(excessOf(value, limits)).toBe(excess)
  })

  it('never grows smaller by adding to a list', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 8 }), fc.string(), (list, more) => {
        if (excessOf(list, limits) === 'TOO_LARGE') expect(excessOf([...list, more], limits)).toBe('TOO_LARGE')
      }),
    )
  })
})
