import { describe, expect, it } from 'vitest'
import { changed, findingOf, fixture, refusalOf } from './intake-fixtures.ts'

const ec2 = 'findings/inspector-event-ec2.json'

/** The Inspector fixture on a Windows host, with one package as given. */
function onWindows(entry: Readonly<Record<string, unknown>>, platform = 'WINDOWS_SERVER_2019'): unknown {
  const packages = [{ name: 'Windows Server 2019', version: '10.0.17763.5206', packageManager: 'OS', ...entry }]
  const document = changed(ec2, 'detail.packageVulnerabilityDetails.vulnerablePackages', packages)
  const [resource] = Object(document).detail.resources
  resource.details.awsEc2Instance.platform = platform
  return document
}
const fixOf = (document: unknown) => findingOf(document).packages[0]?.fixedVersion

describe('3.8 findings about Windows hosts', () => {
  it.each([
    ['the fixed version', { fixedInVersion: 'KB5034127' }, 'KB5034127'],
    [
      'what is to be done, where the fixed version is a build',
      { fixedInVersion: '10.0.17763.5329', remediation: 'Install KB5034127' },
      'KB5034127',
    ],
    [
      'what is to be done, where no fixed version is known',
      { fixedInVersion: 'NotAvailable', remediation: 'kb5034127' },
      'KB5034127',
    ],
    [
      'the fixed version rather than what is to be done',
      { fixedInVersion: 'KB5034127', remediation: 'KB5034129' },
      'KB5034127',
    ],
    [
      'a build, where what is to be done names two',
      { fixedInVersion: '10.0.17763.5329', remediation: 'KB5034127 or KB5034129' },
      '10.0.17763.5329',
    ],
  ])('take the update from %s', (_, entry, fixed) => {
    expect(fixOf(onWindows(entry))).toBe(fixed)
  })

  it('are routed to a patch, also those that an update gives its name', () => {
    const named = onWindows({})
    Object(named).detail.packageVulnerabilityDetails.vulnerabilityId = 'KB5034127'
    expect(findingOf(named)).toMatchObject({ route: 'patch', vulnerabilityId: 'KB5034127' })
  })

  it('B2 are refused where the fixed version is none', () => {
    expect(refusalOf(onWindows({ fixedInVersion: 'KB5034127; id' })).refused).toBe('BAD_PACKAGE_VERSION')
  })

  it('leave what is to be done on Linux hosts unread', () => {
    expect(fixOf(onWindows({ name: 'snapd', fixedInVersion: '2.63', remediation: 'KB5034127' }, 'UBUNTU_22_04'))).toBe(
      '2.63',
    )
    expect(fixOf(fixture(ec2))).toBe('3.0.2-0ubuntu1.21')
  })
})
