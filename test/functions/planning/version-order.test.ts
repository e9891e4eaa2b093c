import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions } from '../../../functions/planning/index.ts'

const sign = (scheme: 'deb' | 'rpm', left: string, right: string) => Math.sign(compareVersions(scheme, left, right)) + 0

describe('1.6 compareVersions, tricky pairs', () => {
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
    ['3.0.7', '3.0.7-24.el9', 0],
  ] as const)('RPM: %s against %s', (left, right, expected) => {
    expect(sign('rpm', left, right)).toBe(expected)
    expect(sign('rpm', right, left)).toBe(-expected + 0)
  })

  it('is transitive', () => {
    const version = fc.stringMatching(/^[0-2ab.~+^-]{0,6}$/)
    for (const scheme of ['deb', 'rpm'] as const)
      fc.assert(
        fc.property(version, version, version, (one, two, three) => {
          // RPM takes a version without a release as equal to all of its releases, which is no order.
          const [a = '', b = '', c = ''] = [one, two, three].map((text) =>
            scheme === 'rpm' ? `${text.replaceAll('-', '.')}-1` : text,
          )
          if (sign(scheme, a, b) <= 0 && sign(scheme, b, c) <= 0) expect(sign(scheme, a, c)).toBeLessThanOrEqual(0)
        }),
        { numRuns: 3_000 },
      )
  })

  const hasDpkg = spawnSync('dpkg', ['--version']).status === 0
  it.skipIf(!hasDpkg)(
    'agrees with dpkg itself (needs dpkg)',
    () => {
      const part = fc.stringMatching(/^[0-9][0-9ab.+~]{0,7}$/)
      const version = fc
        .tuple(fc.option(fc.integer({ min: 0, max: 2 })), part, fc.option(part))
        .map(
          ([epoch, upstream, revision]) =>
            `${epoch === null ? '' : `${epoch}:`}${upstream}${revision === null ? '' : `-${revision}`}`,
        )
      const pairs = fc.sample(fc.tuple(version, version), { numRuns: 300, seed: 20_260_101 })
      for (const [left, right] of pairs) {
        const relation = { '-1': 'lt', '0': 'eq', '1': 'gt' }[String(sign('deb', left, right))] ?? ''
        expect([
          left,
          relation,
          right,
          spawnSync('dpkg', ['--compare-versions', left, relation, right]).status,
        ]).toEqual([left, relation, right, 0])
      }
    },
    60_000,
  )
})
