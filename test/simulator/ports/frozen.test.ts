import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { frozen, jsonCopy } from '../../../simulator/ports/frozen.ts'

describe('values that many readers share', () => {
  it('are copied as canonical JSON would copy them, member order and all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(jsonCopy(value))).toBe(JSON.stringify(JSON.parse(canonicalJson(value))))
      }),
    )
  })

  it('keep a member called __proto__ as a member', () => {
    expect(JSON.stringify(jsonCopy(JSON.parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}')
  })

  it('drop what is absent and share nothing with the original', () => {
    const original = { list: [1], gone: undefined }
    const copy = jsonCopy(original)
    original.list.push(2)
    expect(copy).toStrictEqual({ list: [1] })
  })

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800'], [[undefined]], [() => 1], [new Date(0)], [10n]])(
    'are refused where they have no JSON form: %s',
    (value) => {
      expect(() => jsonCopy({ value })).toThrow(expect.objectContaining({ code: 'DD1001' }))
    },
  )

  it('cannot be written into, however deep', () => {
    const value = frozen({ hosts: { a: { state: 'waiting' } }, list: [{ b: 1 }] })
    expect(() => Object.assign(value.hosts.a, { state: 'done' })).toThrow(TypeError)
    expect(() => value.list.push({ b: 2 })).toThrow(TypeError)
    expect(() => Object.assign(value.list[0] ?? {}, { b: 2 })).toThrow(TypeError)
  })
})
