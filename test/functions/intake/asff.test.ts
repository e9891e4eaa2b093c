import { describe, expect, it } from 'vitest'
import { asffType, draftFromAsff, isAsff, platformField } from '../../../functions/intake/asff.ts'

const draftOf = (record: object) => draftFromAsff({ ...record }, 'package-vulnerability', {}, '$')
const network = { Types: ['Software and Configuration Checks/Network Reachability'], Network: { OpenPortRange: {} } }

describe('1.2 what is an ASFF record', () => {
  it.each([
    ['a product', { ProductArn: 'arn' }, true],
    ['an account with resources', { AwsAccountId: '1', Resources: [] }, true],
    ['an account alone', { AwsAccountId: '1' }, false],
    ['resources alone', { Resources: [] }, false],
    ['a schema version with an id', { SchemaVersion: '2018-10-08', Id: 'x' }, true],
    ['a schema version alone', { SchemaVersion: '2018-10-08' }, false],
    ['what is only inherited', Object.create({ ProductArn: 'arn' }), false],
  ])('%s', (_, record, isOne) => expect(isAsff(record)).toBe(isOne))
})

describe('1.2 what an ASFF record reports', () => {
  it.each([
    ['a package', { Vulnerabilities: [{ Id: 'CVE-1' }] }, 'package-vulnerability'],
    [
      'code, where any vulnerability is of code',
      { Vulnerabilities: [{}, { CodeVulnerabilities: [{}] }] },
      'code-vulnerability',
    ],
    ['a network path', network, 'network-reachability'],
    ['nothing, where the network is not described', { Types: network.Types }, undefined],
    ['nothing, where a network is all there is', { Network: {} }, undefined],
    ['nothing: a check of the configuration', { Compliance: { Status: 'FAILED' } }, undefined],
  ])('%s', (_, record, type) => expect(asffType(record)).toBe(type))
})

describe('B14 the severity of an ASFF record', () => {
  it.each([
    ['the label', { Severity: { Label: 'HIGH', Normalized: 1 } }, 'high'],
    ['the provider’s label where there is no other', { FindingProviderFields: { Severity: { Label: 'LOW' } } }, 'low'],
    [
      'unknown where it was never triaged, whatever the label',
      { Severity: { Original: 'Untriaged', Label: 'INFORMATIONAL' } },
      undefined,
    ],
    ['90 of 100', { Severity: { Normalized: 90 } }, 'critical'],
    ['89 of 100', { Severity: { Normalized: 89 } }, 'high'],
    ['70 of 100', { Severity: { Normalized: 70 } }, 'high'],
    ['69 of 100', { Severity: { Normalized: 69 } }, 'medium'],
    ['40 of 100', { Severity: { Normalized: 40 } }, 'medium'],
    ['39 of 100', { Severity: { Normalized: 39 } }, 'low'],
    ['1 of 100', { Severity: { Normalized: 1 } }, 'low'],
    ['0 of 100', { Severity: { Normalized: 0 } }, 'informational'],
    ['101 of 100', { Severity: { Normalized: 101 } }, undefined],
    ['-1 of 100', { Severity: { Normalized: -1 } }, undefined],
    ['none', {}, undefined],
  ])('%s', (_, record, severity) => expect(draftOf(record).severity).toBe(severity))
})

describe('1.5 the status of an ASFF record', () => {
  it.each([
    ['archived', { RecordState: 'ARCHIVED', Workflow: { Status: 'NEW' } }, 'closed'],
    ['resolved by a person', { RecordState: 'ACTIVE', Workflow: { Status: 'RESOLVED' } }, 'closed'],
    [
      'closed by Inspector',
      { RecordState: 'ACTIVE', ProductFields: { 'aws/inspector/FindingStatus': 'CLOSED' } },
      'closed',
    ],
    ['suppressed by a person', { RecordState: 'ACTIVE', Workflow: { Status: 'SUPPRESSED' } }, 'suppressed'],
    ['suppressed by Inspector', { ProductFields: { 'aws/inspector/FindingStatus': 'SUPPRESSED' } }, 'suppressed'],
    ['active', { RecordState: 'ACTIVE' }, 'active'],
    ['active by Inspector', { ProductFields: { 'aws/inspector/FindingStatus': 'ACTIVE' } }, 'active'],
    ['in work', { Workflow: { Status: 'NOTIFIED' } }, 'active'],
    ['not stated', {}, undefined],
  ])('%s', (_, record, status) => expect(draftOf(record).status).toBe(status))
})

describe('1.2 what an ASFF record is drafted into', () => {
  it.each([
    ['YES', 'NO', true],
    ['NO', 'NO', false],
    ['PARTIAL', undefined, true],
    [undefined, undefined, undefined],
  ])('a fix counts where any vulnerability has one: %s, %s', (one, other, isFixAvailable) => {
    const draft = draftOf({ Vulnerabilities: [{ FixAvailable: one }, { FixAvailable: other }] })
    expect(draft.isFixAvailable).toBe(isFixAvailable)
  })

  it('the ids of all vulnerabilities come first, then the related ones and those of code', () => {
    const draft = draftOf({
      Vulnerabilities: [
        { Id: 'CVE-1', RelatedVulnerabilities: ['CVE-3'], CodeVulnerabilities: [{ Cwes: ['CWE-79'] }] },
        { Id: 'CVE-2' },
      ],
    })
    expect(draft.vulnerabilityIds).toEqual(['CVE-1', 'CVE-2', 'CVE-3', 'CWE-79'])
  })

  it('a network path has the open ports, else the destination port, and a package has none', () => {
    const drafted = (Network: object) => draftFromAsff({ Network }, 'network-reachability', {}, '$').reachability
    const open = { Begin: 22, End: 25 }
    expect(drafted({ Protocol: 'TCP', OpenPortRange: open, DestinationPort: 80 })).toEqual({
      protocol: 'TCP',
      fromPort: 22,
      toPort: 25,
    })
    expect(drafted({ DestinationPort: 80 })).toMatchObject({ fromPort: 80, toPort: 80 })
    expect(draftOf({ Network: { DestinationPort: 80 } })).not.toHaveProperty('reachability')
  })

  it('each resource takes the platform that stands beside it under its own number', () => {
    const at = (number: number) => `aws/inspector/resources/${number}/resourceDetails/awsEc2InstanceDetails/platform`
    const draft = draftOf({ Resources: [{ Id: 'a' }, { Id: 'b' }], ProductFields: { [at(2)]: 'AMAZON_LINUX_2' } })
    expect(draft.resources.map(({ id, platform, at: place }) => [id, platform, place])).toEqual([
      ['a', undefined, '$.Resources[0]'],
      ['b', 'AMAZON_LINUX_2', '$.Resources[1]'],
    ])
  })

  it.each([
    ['no fields', undefined],
    ['another prefix', { 'other/awsEc2InstanceDetails/platform': 'x' }],
    ['another field', { 'one/awsEc2InstanceDetails/type': 'x' }],
  ])('no platform is found in %s', (_, fields) => expect(platformField(fields, 'one/')).toBeUndefined())
})
