import { describe, expect, it } from 'vitest'
import { normaliseDocument } from '../../../functions/intake/normalise.ts'
import { changed, context, findingOf, fixture, imported, refusalOf } from './intake-fixtures.ts'

const ec2 = 'findings/inspector-event-ec2.json'
const firstPackage = 'detail.packageVulnerabilityDetails.vulnerablePackages.0'

describe('3.8 normaliseDocument, refusals', () => {
  it.each([
    ['a coverage event', 'findings/coverage-event.json', 'NOT_A_FINDING', 'Inspector2 Coverage'],
    ['a configuration check', 'findings/asff-control.json', 'NOT_A_FINDING', 'EC2.8'],
    ['another OCSF class', 'findings/ocsf-compliance.json', 'NOT_A_FINDING', 'Compliance Finding'],
  ])('refuses %s and says what it is', (_, path, code, word) => {
    const refusal = refusalOf(fixture(path))
    expect(refusal.refused).toBe(code)
    expect(refusal.detail).toContain(word)
  })

  it.each([
    ['null', null],
    ['a number', 7],
    ['an empty object', {}],
    ['a feed', { catalogVersion: '2026.01.01', vulnerabilities: [] }],
    ['an Inspector finding of a new type', { findingArn: 'x', type: 'MALWARE' }],
  ])('refuses %s as of unknown format', (_, document) => {
    expect(refusalOf(document).refused).toBe('UNKNOWN_FORMAT')
  })

  it.each([[[]], [{ findings: [] }]])('refuses an empty list: %j', (document) => {
    expect(refusalOf(document).refused).toBe('EMPTY')
  })
})

describe('3.8 normaliseDocument, what may reach a command', () => {
  it.each(['foo; curl x|sh', '$(reboot)', '`id`', '-oProxyCommand=x', 'a b', 'a\nb', 'x'.repeat(300)])(
    'B1 refuses the package name %j of a host, of an image and of no manager',
    (name) => {
      const ecr = 'findings/inspector-event-ecr.json'
      expect(refusalOf(changed(ec2, `${firstPackage}.name`, name))).toMatchObject({
        refused: 'BAD_PACKAGE_NAME',
        at: '$.detail.packageVulnerabilityDetails.vulnerablePackages[0]',
      })
      expect(refusalOf(changed(ecr, `${firstPackage}.name`, name)).refused).toBe('BAD_PACKAGE_NAME')
      expect(
        refusalOf(
          changed('findings/asff-event.json', 'detail.findings.0.Vulnerabilities.0.VulnerablePackages.0.Name', name),
        ).refused,
      ).toBe('BAD_PACKAGE_NAME')
      expect(
        refusalOf(
          changed('findings/ocsf-event.json', 'detail.findings.0.vulnerabilities.0.affected_packages.0.name', name),
        ).refused,
      ).toBe('BAD_PACKAGE_NAME')
    },
  )

  it('B1 refuses a line of shell where no package manager is named', () => {
    const document = changed(ec2, firstPackage, { name: 'foo; curl x|sh', version: '1' })
    expect(refusalOf(document).refused).toBe('BAD_PACKAGE_NAME')
  })

  it.each([
    ['version', '1.0$(reboot)'],
    ['version', '1.0`id`'],
    ['fixedInVersion', '1.0%0a'],
    ['fixedInVersion', '1.0; reboot'],
    ['release', '1|sh'],
    ['epoch', '1;x'],
  ])('B2 refuses the %s %j', (field, value) => {
    expect(refusalOf(changed(ec2, `${firstPackage}.${field}`, value)).refused).toBe('BAD_PACKAGE_VERSION')
  })

  it.each(['3.0.2-0ubuntu1.21+', '3.0.2-', `3.${'0'.repeat(140)}`])(
    'B2 refuses the fix %s, which no document can install, where the host has no other way to get it',
    (version) => {
      expect(refusalOf(changed(ec2, `${firstPackage}.fixedInVersion`, version)).refused).toBe('BAD_PACKAGE_VERSION')
    },
  )

  it.each([
    'i-0abc12345678901; rm -rf /',
    'i-0a1b2c3d4e5f6071',
    'i-0a1b2c3d4e5f607188',
    'mi-xyz',
    'i-0a1b2c3d4e5f60718\n',
  ])('B3 refuses the instance id %j', (id) => {
    expect(refusalOf(changed(ec2, 'detail.resources.0.id', id)).refused).toBe('BAD_RESOURCE_ID')
    const arn = `arn:aws:ec2:eu-west-1:444455556666:instance/${id}`
    expect(refusalOf(changed('findings/asff-event.json', 'detail.findings.0.Resources.0.Id', arn)).refused).toBe(
      'BAD_RESOURCE_ID',
    )
  })
})

describe('3.8 normaliseDocument, whose finding it is', () => {
  it.each([
    ['the event', 'account', '111122223333'],
    [
      'the ARN',
      'detail.findingArn',
      `arn:aws:inspector2:eu-west-1:111122223333:finding/${'0123456789abcdef'.repeat(2)}`,
    ],
    ['the record', 'detail.awsAccountId', '111122223333'],
  ])('B16 refuses a finding when %s names another account', (_, field, value) => {
    expect(refusalOf(changed(ec2, field, value)).refused).toBe('FOREIGN_ACCOUNT')
  })

  it('B16 refuses a resource of another account, and a finding of an account that is not expected', () => {
    const arn = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b2c3d4e5f60718'
    const foreign = changed('findings/asff-event.json', 'detail.findings.0.Resources.0.Id', arn)
    expect(refusalOf(foreign).refused).toBe('FOREIGN_ACCOUNT')
    expect(refusalOf(fixture(ec2), { expectedAccount: '111122223333' }).refused).toBe('FOREIGN_ACCOUNT')
  })

  it('takes findings of other accounts only from an account named as aggregator', () => {
    const aggregated = changed(ec2, 'account', '111122223333')
    expect(findingOf(aggregated, { aggregators: ['111122223333'] }).account).toBe('444455556666')
    expect(refusalOf(aggregated, { aggregators: ['222233334444'] }).refused).toBe('FOREIGN_ACCOUNT')
  })

  it('B17 refuses a finding event from a source that sends none', () => {
    expect(refusalOf(changed(ec2, 'source', 'my.app')).refused).toBe('FOREIGN_SOURCE')
  })
})

describe('3.8 normaliseDocument, what is missing or too much', () => {
  it.each([
    ['no account', 'detail.awsAccountId', 'twelve', 'UNREADABLE'],
    ['no resources', 'detail.resources', [], 'UNREADABLE'],
    ['no vulnerability id', 'detail.packageVulnerabilityDetails.vulnerabilityId', undefined, undefined],
    ['updatedAt that is no time', 'detail.updatedAt', 'soon', 'BAD_TIMESTAMP'],
    ['a package without a name', `${firstPackage}.name`, undefined, 'UNREADABLE'],
    ['packages that are no list', 'detail.packageVulnerabilityDetails.vulnerablePackages', 'many', 'UNREADABLE'],
  ])('answers a finding with %s', (_, field, value, code) => {
    const [item] = normaliseDocument(changed(ec2, field, value), context)
    expect(item && 'refused' in item ? item.refused : undefined).toBe(code)
  })

  it('B18 refuses a record that is too large, quickly', () => {
    const started = performance.now()
    expect(refusalOf(changed(ec2, 'detail.description', 'x'.repeat(1024 * 1024))).refused).toBe('TOO_LARGE')
    const packages = Array.from({ length: 10_000 }, (_, index) => ({
      name: `p${index}`,
      version: '1',
      packageManager: 'OS',
    }))
    expect(refusalOf(changed(ec2, 'detail.packageVulnerabilityDetails.vulnerablePackages', packages)).refused).toBe(
      'TOO_LARGE',
    )
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('B18 refuses 2,001 small packages', () => {
    const packages = Array.from({ length: 2_001 }, (_, index) => ({
      name: `p${index}`,
      version: '1',
      packageManager: 'OS',
    }))
    expect(refusalOf(changed(ec2, 'detail.packageVulnerabilityDetails.vulnerablePackages', packages)).detail).toContain(
      '2001 packages',
    )
  })

  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    [
      'objects in an event',
      `{"detail-type":"Inspector2 Finding","source":"aws.inspector2","detail":{"findingArn":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}}`,
    ],
    ['objects of no shape', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('B19 refuses %s nested 10,000 deep, quickly', (_, text) => {
    const started = performance.now()
    expect(imported(text).refusals).toMatchObject([{ refused: 'TOO_DEEP' }])
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('one bad record hurts no neighbour', () => {
    const bad = changed(ec2, `${firstPackage}.name`, 'foo; curl x|sh')
    const items = normaliseDocument([fixture(ec2), bad, fixture('findings/asff-network.json')], context)
    expect(items.map((item) => ('refused' in item ? `${item.refused} ${item.at}` : 'finding'))).toEqual([
      'finding',
      'BAD_PACKAGE_NAME $[1].detail.packageVulnerabilityDetails.vulnerablePackages[0]',
      'finding',
    ])
  })
})
