import { describe, expect, it } from 'vitest'
import { checkPackages, packagesMax } from '../../../functions/intake/draft-packages.ts'

const ubuntu = { type: 'ec2-instance', platform: 'UBUNTU_22_04' } as const
const draft = (more: object = {}) => ({ name: 'openssl', version: '3.0.2-1', manager: 'OS', at: 'at', ...more })
const dpkg = (more: object = {}) => draft({ manager: 'DPKG', ...more })
const check = (drafts: readonly ReturnType<typeof draft>[], resource: Parameters<typeof checkPackages>[1] = ubuntu) =>
  checkPackages(drafts, resource, 'at')
const entry = (more: object, resource?: Parameters<typeof checkPackages>[1]) => {
  const checked = check([dpkg(more)], resource)
  return 'refused' in checked ? checked : checked.packages[0]
}

describe('B1 B2 checkPackages', () => {
  it.each([
    ['version and release', { version: '3.0.2', release: '1' }, '3.0.2-1'],
    ['a release that stands in the version already', { version: '3.0.2-1', release: '1' }, '3.0.2-1'],
    ['an epoch', { version: '3.0.2', release: '1', epoch: '2' }, '2:3.0.2-1'],
    ['an epoch that stands in the version already', { version: '2:3.0.2', epoch: '2' }, '2:3.0.2'],
    ['epoch 0, which is left out', { version: '0:3.0.2', epoch: '0' }, '3.0.2'],
    ['words for no version', { version: 'Not Available' }, ''],
  ])('writes a version as the package manager does: %s', (_, more, installedVersion) => {
    expect(entry(more)).toMatchObject({ installedVersion })
  })

  it.each([
    ['a name with a line of shell', { name: 'openssl;rm' }, 'BAD_PACKAGE_NAME'],
    ['a name that is an option', { name: '--force' }, 'BAD_PACKAGE_NAME'],
    ['no name', { name: ' ' }, 'UNREADABLE'],
    ['a version with a line of shell', { version: '1;rm' }, 'BAD_PACKAGE_VERSION'],
    ['an epoch that is no number', { epoch: 'x' }, 'BAD_PACKAGE_VERSION'],
    ['a fix with a line of shell', { fixedVersion: '$(rm)' }, 'BAD_PACKAGE_VERSION'],
  ])('refuses %s', (_, more, refused) => {
    expect(entry(more)).toMatchObject({ refused })
  })

  it('refuses the whole record where one of its packages is wrong', () => {
    expect(check([dpkg(), dpkg({ name: 'a b' })])).toMatchObject({ refused: 'BAD_PACKAGE_NAME' })
  })

  it('names the system for each of its package managers, and keeps the name of others', () => {
    const managers = ['apt', 'RPM', 'APK', 'NPM', undefined, 'a b'].map((manager) => {
      const checked = check([draft({ manager, version: '1' })])
      return 'refused' in checked ? checked.refused : checked.packages[0]?.manager
    })
    expect(managers).toEqual(['OS', 'OS', 'OS', 'NPM', 'UNKNOWN', 'UNKNOWN'])
  })

  it('keeps each package once', () => {
    const checked = check([dpkg(), dpkg(), dpkg({ name: 'curl' })])
    expect('packages' in checked && checked.packages.map(({ name }) => name)).toEqual(['openssl', 'curl'])
  })

  it('takes the number of a Windows update from what the scanner says to do', () => {
    const windows = { type: 'ec2-instance', platform: 'WINDOWS_SERVER_2022' } as const
    const checked = check(
      [draft({ manager: undefined, version: '10.0.1', remediation: 'Install KB5000001.' })],
      windows,
    )
    expect('packages' in checked && checked.packages[0]?.fixedVersion).toBe('KB5000001')
  })

  it('B18 refuses more packages than any finding has', () => {
    expect(check(Array.from({ length: packagesMax + 1 }, () => dpkg()))).toMatchObject({ refused: 'TOO_LARGE' })
  })
})
