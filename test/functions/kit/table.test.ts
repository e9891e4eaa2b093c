import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { keepsEveryKey, ownValue, tableOf } from '../../../functions/kit/table.ts'

/** Names that every object has from its birth, and some that it has not. */
const anyName = fc.oneof(fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)), fc.string())

describe('ownValue', () => {
  it('finds what the table has, and nothing that every object inherits', () => {
    fc.assert(
      fc.property(fc.array(anyName), anyName, (names, asked) => {
        const table = Object.fromEntries(names.map((name) => [name, `of ${name}`]))
        expect(ownValue(table, asked)).toBe(names.includes(asked) ? `of ${asked}` : undefined)
      }),
    )
  })
})

describe('tableOf', () => {
  const Table = tableOf(z.number())

  it('loses no key: what it reads has every entry, or it refuses', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyName), (names) => {
        const text = JSON.stringify(Object.fromEntries(names.map((name, index) => [name, index])))
        const read = Table.safeParse(JSON.parse(text))
        expect(read.success).toBe(!names.includes('__proto__'))
        if (read.success) expect(JSON.stringify(read.data)).toBe(text)
      }),
    )
  })

  it.each([[null], [[]], ['x'], [{ a: 'x' }]])('refuses %j', (value) => {
    expect(Table.safeParse(value).success).toBe(false)
  })

  it('holds keys to their grammar', () => {
    expect(tableOf(z.number(), z.string().regex(/^i-/)).safeParse({ web: 1 }).success).toBe(false)
  })
})

describe('keepsEveryKey', () => {
  it.each([
    ['{"a":{"__proto__":1}}', false],
    ['[{"__proto__":{}}]', false],
    ['{"__proto__":1}', false],
    ['{"a":[{"constructor":{}}],"b":null,"c":"__proto__"}', true],
    ['7', true],
  ])('of %s is %s', (text, isKept) => {
    expect(keepsEveryKey(JSON.parse(text))).toBe(isKept)
  })
})
