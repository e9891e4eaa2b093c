import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reach, reversed } from '../../../functions/planning/dependencies.ts'

const graph = new Map([
  ['web', ['api', 'cache']],
  ['api', ['db']],
  ['cache', []],
  ['db', []],
])

describe('1.6 reach', () => {
  it('finds everything that a name leads to, in text order and without itself', () => {
    expect(reach(['web'], graph)).toEqual(['api', 'cache', 'db'])
  })

  it('finds a name itself only where it stands in a circle', () => {
    expect(
      reach(
        ['a'],
        new Map([
          ['a', ['b']],
          ['b', ['a']],
        ]),
      ),
    ).toEqual(['a', 'b'])
  })

  it('finds nothing from a name that the graph does not have', () => {
    expect(reach(['gone'], graph)).toEqual([])
  })
})

describe('1.6 reversed', () => {
  it('turns every arrow round', () => {
    expect(reversed(graph)).toEqual(
      new Map([
        ['api', ['web']],
        ['cache', ['web']],
        ['db', ['api']],
      ]),
    )
  })

  it('reaches one from the other just where the other is reached from it', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.uniqueArray(name)), { maxLength: 5 }), name, name, (arrows, from, to) => {
        const any = new Map(arrows)
        expect(reach([to], reversed(any)).includes(from)).toBe(reach([from], any).includes(to))
      }),
    )
  })
})
