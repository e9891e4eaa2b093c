import { describe, expect, it } from 'vitest'
import { isOtherDistribution, mayBeOtherStream } from '../../../functions/inventory/stream-of.ts'

describe('the distribution that a version names', () => {
  it.each([
    ['deb', '3.0.11-1~deb11u2', '3.0.15-1~deb12u1', true],
    ['deb', '3.0.15-1~deb12u1', '7.88.1-10~bpo12+1', false],
    ['deb', '7.88.1-10+deb12u5', '7.88.1-10ubuntu1', true],
    ['deb', '2.63+20.04ubuntu0.1', '2.66+22.04ubuntu0.1', true],
    ['deb', '2.63', '2.66+22.04ubuntu0.1', false],
    ['deb', '1.2-3ubuntu1', '1.2-3ubuntu2', false],
    ['rpm', '1:3.0.7-24.el9', '1:3.0.7-25.el9_4.1', false],
    ['rpm', '1:3.0.7-24.el8', '1:3.0.7-24.el9', true],
    ['rpm', '3.0.8-1.amzn2023.0.14', '3.0.8-1.el9', true],
    ['rpm', '9.11.4-26.P2.amzn2.5', '9.11.4-26.P2.amzn2.5.2', false],
    ['rpm', '1.0-1', '1.0-2.el9', false],
  ] as const)('%s: %s and %s are of two: %s', (scheme, left, right, isOther) => {
    expect(isOtherDistribution(scheme, left, right)).toBe(isOther)
    expect(isOtherDistribution(scheme, right, left)).toBe(isOther)
  })
})

describe('the module stream that a version may be of', () => {
  const node = (upstream: string) => `1:${upstream}-1.module+el9+123+abcdef`
  it.each([
    [node('18.20.2'), node('20.11.1'), true, true],
    [node('18.20.2'), node('18.20.4'), true, false],
    [node('8.1.14'), node('8.2.13'), true, true],
    [node('8.2.13'), node('8.1.14'), false, false],
    [node('18.20.2'), '1:18.20.2-1.el9', false, true],
    ['1:18.20.2-1.el9', '1:20.11.1-1.el9', true, false],
  ])('%s against %s, newer %s: may be another: %s', (left, right, isNewer, mayBe) => {
    expect(mayBeOtherStream(left, right, isNewer)).toBe(mayBe)
  })
})
