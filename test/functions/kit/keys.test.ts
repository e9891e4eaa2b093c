import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys, lists, partitions, prefixes } from '../../../functions/kit/keys.ts'

const id = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/)

describe('keys', () => {
  it('what is queried together stands in its partition under its prefix', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        for (const [kind, prefix] of [
          ['plan', prefixes.plan],
          ['ring', prefixes.ring],
          ['baseline', prefixes.baseline],
          ['validation', prefixes.validation],
        ] as const)
          expect(keys[kind](one, other)).toEqual({ pk: partitions.change(one), sk: `${prefix}${other}` })
        expect(keys.step(one, '2026-11-24T03:30:00.000Z', other, 'install')).toEqual({
          pk: partitions.host(one),
          sk: `${prefixes.step}2026-11-24T03:30:00.000Z#${other}#install`,
        })
        expect(keys.blockedPatch(one, other)).toEqual({
          pk: partitions.blockedPackage(one),
          sk: `${prefixes.blockedVersion}${other}`,
        })
      }),
    )
  })

  it('no prefix is the beginning of another, so that a query finds one kind', () => {
    const all = Object.values(prefixes)
    expect(all.filter((one) => all.some((other) => other !== one && other.startsWith(one)))).toEqual([])
  })

  it('two kinds of record never share a key', () => {
    const { hostOutcome, outcomeBegun, outcomeSet, serviceOutcome, ringOpening, ...named } = keys
    const made = [
      ...Object.values(named).map((key) => key('a', 'b', 'c', 'd')),
      ...[outcomeBegun, outcomeSet].map((key) => key('a', 1)),
      ringOpening('a', 'b', 1),
      hostOutcome('a', 'b', 1),
      serviceOutcome('a', 1, 'b'),
    ]
    expect(new Set(made.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(made.length)
  })

  it('keeps the keys that running tables hold', () => {
    expect([keys.finding('F1'), keys.ring('C1', 'dev'), keys.lease('i-1'), keys.outbox('L1')]).toEqual([
      { pk: 'FINDING#F1', sk: 'FINDING' },
      { pk: 'CHANGE#C1', sk: 'RING#dev' },
      { pk: 'HOST#i-1', sk: 'LEASE' },
      { pk: 'OUTBOX#1', sk: 'L1' },
    ])
    expect(lists.stepsOf('C1')).toBe('STEPS#C1')
  })
})
