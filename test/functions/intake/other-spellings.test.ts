import { describe, expect, it } from 'vitest'
import { changed, findingOf, fixture, imported, only } from './intake-fixtures.ts'

const ec2 = 'findings/inspector-event-ec2.json'
const ocsf = 'findings/ocsf-event.json'
const finding = 'detail.findings.0'
const firstPackage = 'detail.packageVulnerabilityDetails.vulnerablePackages.0'
const text = (value: unknown) => JSON.stringify(value)
const raw = Object(fixture(ec2)).detail
const known = findingOf(fixture(ec2))

describe('3.8 normaliseDocument, other spellings of OCSF', () => {
  it.each(['awsEc2InstanceDetails', 'awsEcrContainerImageDetails'])(
    'reads the platform of the resource from its %s, as Security Hub writes it',
    (details) => {
      const document = changed(ocsf, `${finding}.resources.0.data`, { [details]: { platform: 'AMAZON_LINUX_2023' } })
      expect(findingOf(document).resource.platform).toBe('AMAZON_LINUX_2023')
    },
  )

  it('reads a Security Finding of version 1.0, as Security Lake writes it', () => {
    const { finding_info, cloud, status_id, status, ...record } = Object(fixture(ocsf)).detail.findings[0]
    const lake = {
      ...record,
      class_uid: 2001,
      finding: finding_info,
      cloud: { account_uid: cloud.account.uid, region: cloud.region },
      state_id: 4,
    }
    expect(findingOf(lake)).toMatchObject({ findingId: known.findingId, status: 'closed', flags: [] })
  })

  it('reads scores that name no version', () => {
    const [cvss] = Object(fixture(ocsf)).detail.findings[0].vulnerabilities[0].cve.cvss
    const { version, ...unversioned } = cvss
    const document = changed(ocsf, `${finding}.vulnerabilities.0.cve.cvss`, [unversioned])
    expect(findingOf(document).cvss).toMatchObject([{ version, vector: cvss.vector_string }])
  })
})

describe('3.8 importText, what else carries findings', () => {
  const enhanced = { ...raw, score: 8.1, scoreDetails: { cvss: raw.inspectorScoreDetails.adjustedCvss } }
  const { inspectorScoreDetails: _, ...ecr } = enhanced

  it.each([
    ["ECR's DescribeImageScanFindings", { imageScanFindings: { enhancedFindings: [ecr] }, registryId: '444455556666' }],
    ['log events of CloudWatch', { events: [{ timestamp: 1, message: text(fixture(ec2)) }], searchedLogStreams: [] }],
    ['a subscription of CloudWatch Logs', { logEvents: [{ id: '1', message: text(fixture(ec2)) }], logGroup: 'x' }],
    ['events that stand in a list', { events: [fixture(ec2)] }],
  ])('reads %s', (_, document) => {
    const { findings, refusals } = imported(text(document))
    expect(refusals).toEqual([])
    expect(findings).toMatchObject([{ findingId: known.findingId, cvss: known.cvss }])
  })

  it('refuses a log line that is no finding, and says where it stands', () => {
    const { findings, refusals } = imported(text({ events: [{ message: text(fixture(ec2)) }, { message: 'START' }] }))
    expect(findings).toHaveLength(1)
    expect(refusals).toMatchObject([{ refused: 'UNKNOWN_FORMAT', at: '$[1]' }])
  })
})

describe('3.8 normaliseDocument, other spellings of values', () => {
  it.each(['1772442000', '1772442000000', '1.772442E9', '1.772442E12', '1772442000.0', 1772442000])(
    'reads updatedAt %j',
    (updatedAt) => {
      expect(findingOf(changed(ec2, 'detail.updatedAt', updatedAt)).updatedAt).toBe('2026-03-02T09:00:00.000Z')
    },
  )

  it.each(['instance/', 'managed-instance/', ''])(
    'B3 reads the id behind "%s" in an ARN, and it must be exact',
    (kind) => {
      const arn = (id: string) => `arn:aws:ec2:eu-west-1:444455556666:${kind}${id}`
      const item = (id: string) =>
        imported(text(changed('findings/asff-event.json', `${finding}.Resources.0.Id`, arn(id))))
      expect(only(item('i-0a1b2c3d4e5f60718').items).resource.id).toBe('i-0a1b2c3d4e5f60718')
      expect(item('i-0a1b2c3d4e5f60718;id').refusals).toMatchObject([{ refused: 'BAD_RESOURCE_ID' }])
      expect(item('snapshot/i-0a1b2c3d4e5f60718').refusals).toMatchObject([{ refused: 'BAD_RESOURCE_ID' }])
    },
  )

  it.each(['Microsoft .NET Framework 4.8 (x64)', 'Windows Server 2019, version 1809', 'KB5034768'])(
    'takes the product name %j of a Windows host',
    (name) => {
      const document = changed(ec2, 'detail.resources.0.details.awsEc2Instance.platform', 'WINDOWS_SERVER_2019')
      const entry = { name, version: '10.0.17763.5329', fixedInVersion: '10.0.17763.5458', packageManager: 'OS' }
      Object(document).detail.packageVulnerabilityDetails.vulnerablePackages = [entry]
      expect(findingOf(document).packages).toMatchObject([{ name, isPatchable: true }])
      expect(findingOf(changed(ec2, `${firstPackage}.packageManager`, 'PIP')).packages[0]?.isPatchable).toBe(false)
    },
  )

  it.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('reads findings of the partition %s, and their copies are one', (partition, region) => {
    const moved = (path: string) =>
      JSON.parse(text(fixture(path)).replaceAll('arn:aws:', `arn:${partition}:`).replaceAll('eu-west-1', region))
    const { items, findings } = imported(
      text([moved(ec2), moved('findings/asff-event.json'), moved('findings/ocsf-event.json')]),
    )
    expect(items).toHaveLength(3)
    expect(findings).toMatchObject([{ region, resource: { id: 'i-0a1b2c3d4e5f60718' }, route: 'patch' }])
  })

  it('reads a managed node outside of EC2 as one, by its id and by its ARN', () => {
    const id = 'mi-0a1b2c3d4e5f60718'
    const arn = `arn:aws:ssm:eu-west-1:444455556666:managed-instance/${id}`
    expect(findingOf(changed(ec2, 'detail.resources.0.id', id)).resource).toMatchObject({ type: 'managed-node', id })
    const copy = findingOf(changed('findings/asff-event.json', `${finding}.Resources.0.Id`, arn))
    expect(copy).toMatchObject({ resource: { type: 'managed-node', id }, route: 'patch' })
  })
})
