import { describe, expect, it } from 'vitest'
import { fixStateOf } from '../../../functions/inventory/fix-state.ts'

describe('11.7 I20 what the texts do not decide is unknown, never fixed', () => {
  it.each([
    ['an epoch on the host alone (l01)', 'rpm', '32:9.11.4-26.P2.amzn2.5', '9.11.4-26.P2.amzn2.5.2'],
    ['an epoch in the fix alone', 'rpm', '3.0.8-1.amzn2023.0.20', '1:3.0.8-1.amzn2023.0.14'],
    ['an epoch on a Debian host alone', 'deb', '1:9.18.1-1', '9.18.2-1'],
    ['a release on the host alone', 'rpm', '1.2-3', '1.2'],
    ['a release in the fix alone', 'rpm', '1.2', '1.2-3'],
    ['a revision on the host alone', 'deb', '1.2-3', '1.2'],
    ['a module and none', 'rpm', '1:18.19.0-1.module+el9+1234+ab', '1:18.12.0-1.el9'],
    ['the stream nodejs:20 for a fix of nodejs:18', 'rpm', '1:20.11.0-1.module+el9+1+a', '1:18.19.0-1.module+el9+2+b'],
    ['the stream nodejs:18 for a fix of nodejs:20', 'rpm', '1:18.19.0-1.module+el9+2+b', '1:20.11.0-1.module+el9+1+a'],
    ['the stream php:8.2 for a fix of php:8.0', 'rpm', '8.2.13-1.module+el9+1+a', '8.0.30-1.module+el9+2+b'],
    ['Amazon Linux 2023 for a fix of Amazon Linux 2', 'rpm', '1.2-3.amzn2023.0.1', '1.2-1.amzn2.0.1'],
    ['Enterprise Linux 9 for a fix of Enterprise Linux 8', 'rpm', '1.2-3.el9_4', '1.2-1.el8_10'],
    ['Amazon Linux for a fix of Enterprise Linux', 'rpm', '1.2-3.amzn2023', '1.2-1.el9'],
    ['Debian 12 for a fix of Debian 11', 'deb', '1.2-3+deb12u1', '1.2-3+deb11u4'],
    ['Ubuntu for a fix of Debian', 'deb', '3.0.11-1ubuntu2', '3.0.11-1~deb12u2'],
    ['Ubuntu 24.04 for a fix of Ubuntu 22.04', 'deb', '6.8.0-50.51~24.04.1ubuntu1', '6.8.0-49.49~22.04.1ubuntu1'],
  ] as const)('%s', (_, scheme, installed, fixed) => {
    expect(fixStateOf(scheme, installed, fixed)).toBe('unknown')
  })

  it.each([
    ['the fix itself', 'rpm', '1:1.2-3.el9', '1:1.2-3.el9', 'fixed'],
    ['a newer version of the same distribution', 'rpm', '1:3.0.8-1.amzn2023.0.20', '1:3.0.8-1.amzn2023.0.14', 'fixed'],
    ['an epoch of 0 on one side, which is none', 'rpm', '0:1.2-3.el9', '1.2-3.el9', 'fixed'],
    ['an older minor release of Enterprise Linux 8', 'rpm', '1.2-3.el8_9', '1.2-3.el8_10', 'not-fixed'],
    ['an older version of the same stream', 'rpm', '13.13-1.module+el9+1+a', '13.14-1.module+el9+2+b', 'not-fixed'],
    ['a newer release in the same stream', 'rpm', '8.0.31-1.module+el9+3+c', '8.0.30-1.module+el9+2+b', 'fixed'],
    ['a version that another without a release exceeds anyway', 'rpm', '1.1', '1.2-3', 'not-fixed'],
    ['a package taken from Debian, with a fix of Ubuntu', 'deb', '2.36-9', '2.36-9ubuntu3', 'not-fixed'],
    ['a point release of the same Debian', 'deb', '1.2-3+deb12u2', '1.2-3+deb12u1', 'fixed'],
  ] as const)('%s is decided', (_, scheme, installed, fixed, state) => {
    expect(fixStateOf(scheme, installed, fixed)).toBe(state)
  })
})
