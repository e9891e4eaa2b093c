import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixStateOf } from '../../../functions/inventory/fix-state.ts'
import { compareVersions, type VersionScheme } from '../../../functions/inventory/version-order.ts'
import { readOrders, versionPairs } from '../../../oracles/version-pairs.ts'

const sign = (scheme: VersionScheme, left: string, right: string) => Math.sign(compareVersions(scheme, left, right)) + 0

describe('3.1 compareVersions, tricky pairs', () => {
  it.each([
    ['1.0~~', '1.0~', -1],
    ['1.0~~a', '1.0~', -1],
    ['1.0~', '1.0', -1],
    ['1.0', '1.0-0', 0],
    ['1.0-0', '1.0-00', 0],
    ['0:1.0', '1.0', 0],
    ['1:1.0', '2.0', 1],
    ['1.0-1', '1.0-1~bpo12+1', 1],
    ['1.0-1+deb12u1', '1.0-1+deb12u10', -1],
    ['3.0.2-0ubuntu1.15', '3.0.2-0ubuntu1.9', 1],
    ['7.81.0-1ubuntu1.13', '7.81.0-1ubuntu1.13+esm1', -1],
    ['1.2.3-4-1', '1.2.3-10-1', -1],
    ['1a', '1+', -1],
    ['1.', '1', 1],
    ['99999999999999999999', '100000000000000000000', -1],
    ['6.8.0-1015.17', '6.8.0-1021.23', -1],
  ] as const)('Debian: %s against %s', (left, right, expected) => {
    expect(sign('deb', left, right)).toBe(expected)
    expect(sign('deb', right, left)).toBe(-expected + 0)
  })

  it.each([
    ['1.0', '1.0', 0],
    ['1.0', '1.0.1', -1],
    ['5.5p1', '5.5p10', -1],
    ['10xyz', '10.1xyz', -1],
    ['xyz10', 'xyz10.1', -1],
    ['xyz.4', '8', -1],
    ['5.5p2', '5.6p1', -1],
    ['5.6p1', '6.5p1', -1],
    ['6.0.rc1', '6.0', 1],
    ['10b2', '10a1', 1],
    ['7.4.052', '7.4.52', 0],
    ['1.0_1', '1.0.1', 0],
    ['1.0aa', '1.0a', 1],
    ['2.0.1a', '2.0.1', 1],
    ['1.0~rc1~git123', '1.0~rc1', -1],
    ['1.0~rc1', '1.0arc1', -1],
    ['1.0^', '1.0', 1],
    ['1.0^git1', '1.01', -1],
    ['1.0^20160101^git1', '1.0^20160102', -1],
    ['1.0~rc1^git1', '1.0~rc1', 1],
    ['1.0^git1~pre', '1.0^git1', -1],
    ['1:3.0.7-24.el9', '3.0.7-99.el9', 1],
    ['0:3.0.7-24.el9', '3.0.7-24.el9', 0],
    ['5.14.0-70.13.1.el9_0', '5.14.0-70.9.1.el9_0', 1],
    ['6.1.9-1.amzn2023', '6.1.10-1.amzn2023', -1],
    ['3.0.7', '3.0.7-24.el9', -1],
    ['1.0^git1', '1.0.1', -1],
    ['1.0a', '1.01', -1],
  ] as const)('RPM: %s against %s', (left, right, expected) => {
    expect(sign('rpm', left, right)).toBe(expected)
    expect(sign('rpm', right, left)).toBe(-expected + 0)
  })

  it.each([
    ['10.0.17763.5458', '10.0.17763.5329', 1],
    ['10.0.17763.999', '10.0.17763.5329', -1],
    ['10.0.20348.1', '10.0.17763.5458', 1],
    ['10.0.17763', '10.0.17763.0', -1],
  ] as const)('Windows: %s against %s', (left, right, expected) => {
    expect(sign('windows', left, right)).toBe(expected)
    expect(sign('windows', right, left)).toBe(-expected + 0)
  })

  it('orders Windows builds as their numbers, whatever their size', () => {
    const build = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(build, build, (left, right) => {
        const at = left.findIndex((number, index) => number !== right[index])
        const expected = at < 0 ? 0 : (left[at] ?? 0n) < (right[at] ?? 0n) ? -1 : 1
        expect(sign('windows', left.join('.'), right.join('.'))).toBe(expected)
      }),
    )
  })

  it('is transitive', () => {
    const version = fc.stringMatching(/^[0-2ab.~+^-]{0,6}$/)
    for (const scheme of ['deb', 'rpm'] as const)
      fc.assert(
        fc.property(version, version, version, (one, two, three) => {
          if (sign(scheme, one, two) <= 0 && sign(scheme, two, three) <= 0)
            expect(sign(scheme, one, three)).toBeLessThanOrEqual(0)
        }),
        { numRuns: 3_000 },
      )
  })
})

describe('3.1 compareVersions against dpkg and rpm', () => {
  it.each(['deb', 'rpm'] as const)('%s: agrees with the tool in all 100,000 recorded answers', (tool) => {
    const answers = readOrders(tool)
    const wrong = versionPairs(tool).flatMap(([left, right], index) =>
      sign(tool, left, right) === answers[index] && sign(tool, right, left) + (answers[index] ?? 0) === 0
        ? []
        : [`${left} against ${right}: ${tool} says ${answers[index]}`],
    )
    expect(wrong).toEqual([])
    // The pairs are worth asking about: none of the three answers is rare.
    for (const order of [-1, 0, 1]) expect(answers.filter((answer) => answer === order).length).toBeGreaterThan(5_000)
  })
})

describe('3.1 fixStateOf', () => {
  it.each([
    ['deb', '3.0.2-0ubuntu1.19', '3.0.2-0ubuntu1.21', 'not-fixed'],
    ['deb', '3.0.2-0ubuntu1.21', '3.0.2-0ubuntu1.21', 'fixed'],
    ['deb', '3.0.2-0ubuntu1.22', '3.0.2-0ubuntu1.21', 'fixed'],
    ['deb', '1:1.0', '1:0.9', 'fixed'],
    ['rpm', '5.14.0-427.13.1.el9_4', '5.14.0-427.16.1.el9_4', 'not-fixed'],
    ['rpm', '3.0.7', '3.0.7-24.el9', 'unknown'],
    ['rpm', '0:3.0.7', '3.0.7-24.el9', 'unknown'],
    ['rpm', '3.0.6', '3.0.7-24.el9', 'not-fixed'],
    ['rpm', '3.0.8', '3.0.7-24.el9', 'fixed'],
    ['windows', '10.0.17763.5329', '10.0.17763.5458', 'not-fixed'],
    ['windows', '10.0.17763.5458', '10.0.17763.5458', 'fixed'],
    ['windows', '10.0.17763.10000', '10.0.17763.5458', 'fixed'],
    ['windows', '10.0.20348.2322', '10.0.17763.5458', 'unknown'],
    ['windows', '10.0.17763', '10.0.17763.5458', 'unknown'],
    ['windows', 'KB5034768', 'kb5034768', 'fixed'],
    ['windows', 'KB5034770', 'KB5034768', 'unknown'],
    ['windows', '10.0.17763.5458', 'KB5034768', 'unknown'],
    ['windows', '10.0.17763.5458', '', 'unknown'],
    ['deb', '', '1.0', 'unknown'],
    ['deb', '1.0', '1.0; id', 'unknown'],
    ['rpm', '(none)', '1.0-1', 'unknown'],
  ] as const)('%s: %s where %s has the fix is %s', (scheme, installed, fixed, state) => {
    expect(fixStateOf(scheme, installed, fixed)).toBe(state)
  })
})
