import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Finding } from '../../../functions/finding/finding.ts'
import { normaliseDocument } from '../../../functions/intake/normalise.ts'
import { sharedSamples } from '../../shared-samples.ts'
import { changed, context, findingOf, fixture, fixtureText, imported, only } from './intake-fixtures.ts'

const ec2 = 'findings/inspector-event-ec2.json'

describe('3.8 normaliseDocument, shapes', () => {
  it.each([
    ['an Inspector event of a host', ec2, 'package-vulnerability', 'patch', 'inspector2'],
    [
      'a raw Inspector finding with epoch numbers',
      'findings/inspector-raw-ec2.json',
      'package-vulnerability',
      'patch',
      'inspector2',
    ],
    [
      'an event with rpm packages and Java times',
      'findings/inspector-event-ec2-rpm.json',
      'package-vulnerability',
      'patch',
      'inspector2',
    ],
    [
      'network reachability',
      'findings/inspector-event-network.json',
      'network-reachability',
      'network-owner',
      'inspector2',
    ],
    ['a container image', 'findings/inspector-event-ecr.json', 'package-vulnerability', 'image-rebuild', 'inspector2'],
    [
      'a Lambda function',
      'findings/inspector-event-lambda.json',
      'package-vulnerability',
      'application-owner',
      'inspector2',
    ],
    ['code', 'findings/inspector-event-code.json', 'code-vulnerability', 'application-owner', 'inspector2'],
    [
      'a language package on a host',
      'findings/inspector-event-ec2-language.json',
      'package-vulnerability',
      'application-owner',
      'inspector2',
    ],
    ['an ASFF event', 'findings/asff-event.json', 'package-vulnerability', 'patch', 'asff'],
    ['ASFF network reachability', 'findings/asff-network.json', 'network-reachability', 'network-owner', 'asff'],
    ['an OCSF event', 'findings/ocsf-event.json', 'package-vulnerability', 'patch', 'ocsf'],
    [
      'a ListFindings export of others',
      'defectdojo/listfindings-ecr.json',
      'package-vulnerability',
      'image-rebuild',
      'listfindings',
    ],
    [
      'an ASFF export of others, of a host that is updated as an image',
      'defectdojo/asff-inspector-ec2-ghsa.json',
      'package-vulnerability',
      'image-rebuild',
      'asff',
    ],
  ] as const)('reads %s', (_, path, type, route, format) => {
    const finding = findingOf(fixture(path))
    expect(finding).toMatchObject({ type, route, copies: [{ format }], status: 'active' })
    expect(Finding.parse(finding)).toEqual(finding)
  })
})

describe('3.8 normaliseDocument, facts', () => {
  it('keeps every fact of an Inspector event', () => {
    expect(findingOf(fixture(ec2))).toMatchObject({
      account: '444455556666',
      region: 'eu-west-1',
      vulnerabilityId: 'CVE-2026-1111',
      relatedVulnerabilityIds: ['USN-9999-1'],
      resource: { type: 'ec2-instance', id: 'i-0a1b2c3d4e5f60718', platform: 'UBUNTU_22_04', tags: { Name: 'web-1' } },
      packages: [
        {
          name: 'libssl3',
          installedVersion: '3.0.2-0ubuntu1.19',
          fixedVersion: '3.0.2-0ubuntu1.21',
          isPatchable: true,
        },
        { name: 'openssl', manager: 'OS', arch: 'AMD64' },
      ],
      cvss: [{ version: '3.1', vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 8.1, source: 'NVD' }],
      severity: 'high',
      epss: 0.0312,
      isExploitAvailable: true,
      isFixAvailable: true,
      firstObservedAt: '2026-03-01T08:15:30.000Z',
      updatedAt: '2026-03-02T09:00:00.000Z',
      flags: [],
    })
  })

  it('reads epochs, an unavailable fix, no score and no CVSS as what they are', () => {
    const finding = findingOf(fixture('findings/inspector-event-ec2-rpm.json'))
    expect(finding).toMatchObject({ severity: 'unknown', cvss: [], flags: ['severity-unknown'] })
    expect(finding.packages).toMatchObject([
      { installedVersion: '32:9.16.48-1.amzn2023.0.1', fixedVersion: '32:9.16.48-1.amzn2023.0.3' },
      { name: 'bind-libs' },
    ])
    expect(finding.packages[1]).not.toHaveProperty('fixedVersion')
  })

  it('keeps the port range of a reachable host', () => {
    const reachability = { protocol: 'TCP', fromPort: 443, toPort: 443 }
    expect(findingOf(fixture('findings/inspector-event-network.json')).reachability).toEqual(reachability)
    expect(findingOf(fixture('findings/asff-network.json')).reachability).toEqual(reachability)
  })
})

describe('3.8 normaliseDocument, copies and lists', () => {
  it('the copies of one finding in four formats have one id, one resource and the same packages', () => {
    const copies = [
      findingOf(fixture(ec2)),
      findingOf(fixture('findings/asff-event.json')),
      findingOf(fixture('findings/ocsf-event.json')),
      imported(fixtureText('findings/listfindings-export.json')).findings[0],
    ]
    const facts = copies.map((each) => [
      each?.findingId,
      each?.vulnerabilityId,
      each?.packages,
      each?.resource,
      each?.updatedAt,
    ])
    expect(new Set(facts.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(copies.map((each) => each?.copies[0]?.format)).toEqual(['inspector2', 'asff', 'ocsf', 'listfindings'])
  })

  it('findings whose ARN is only a placeholder stay apart', () => {
    const arn = 'arn:aws:inspector2:eu-west-1:444455556666:finding/`FINDING_ID`'
    const ids = [ec2, 'findings/inspector-event-network.json', 'findings/inspector-event-lambda.json'].map(
      (path) => findingOf(changed(path, 'detail.findingArn', arn)).findingId,
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('reads archives of events, lists of findings and lists within objects alike', () => {
    const event = fixture(ec2)
    const asff = fixture('findings/asff-network.json')
    const items = [[event, asff], { events: [event, asff] }, { Findings: [asff] }, { data: { findings: [asff] } }].map(
      (each) =>
        normaliseDocument(each, context).map((item) => ('refused' in item ? item.refused : item.finding.findingId)),
    )
    const [first, second] = items[0] ?? []
    expect(items).toEqual([[first, second], [first, second], [second], [second]])
  })
})

describe('3.8 normaliseDocument, status', () => {
  it.each([
    ['CLOSED', 'closed'],
    ['SUPPRESSED', 'suppressed'],
  ])('reads the status %s', (status, expected) => {
    expect(findingOf(changed(ec2, 'detail.status', status)).status).toBe(expected)
  })

  it.each([
    ['findings/asff-event.json', 'detail.findings.0.RecordState', 'ARCHIVED', 'closed'],
    ['findings/asff-event.json', 'detail.findings.0.Workflow.Status', 'SUPPRESSED', 'suppressed'],
    ['findings/ocsf-event.json', 'detail.findings.0.status_id', 4, 'closed'],
    ['findings/ocsf-event.json', 'detail.findings.0.status_id', 3, 'suppressed'],
    ['findings/ocsf-event.json', 'detail.findings.0.activity_id', 3, 'closed'],
  ])('%s with %s %s is %s', (path, field, value, expected) => {
    expect(findingOf(changed(path, field, value)).status).toBe(expected)
  })

  it('a status that nobody knows never closes a finding', () => {
    expect(findingOf(changed(ec2, 'detail.status', 'PAUSED'))).toMatchObject({
      status: 'active',
      flags: ['status-unknown'],
    })
  })
})

describe('3.8 samples of others', () => {
  const names = sharedSamples === undefined ? [] : readdirSync(sharedSamples)
  const read = (name: string) => imported(readFileSync(`${sharedSamples}/${name}`, 'utf8'))

  it.skipIf(!sharedSamples)('every document is read or refused with a reason (needs ../shared)', () => {
    expect(names.length).toBeGreaterThan(30)
    for (const name of names) {
      const { items } = read(name)
      expect(items.length, name).toBeGreaterThan(0)
      const isScan = name.startsWith('inspector2-') || name.startsWith('securityhub-') || name.startsWith('ocsf-')
      for (const item of items) {
        expect('finding' in item, name).toBe(isScan && name !== 'inspector2-coverage-event-1.json')
        if ('refused' in item) expect(item.detail.length, name).toBeGreaterThan(10)
      }
    }
  })

  it.skipIf(!sharedSamples)('the golden pair of ASFF and OCSF is one finding (needs ../shared)', () => {
    const asff = only(read('securityhub-asff-inspector-raw-1.json').items)
    const ocsf = only(read('ocsf-vulnerability-finding-inspector-1.json').items)
    const facts = ({ findingId, vulnerabilityId, packages, resource, epss, severity, updatedAt }: Finding) => ({
      ...{ findingId, vulnerabilityId, packages, resource, epss, severity, updatedAt },
    })
    expect(facts(ocsf)).toEqual(facts(asff))
    expect(asff.packages).toMatchObject([{ name: 'openssl', installedVersion: '3.0.8-r3', fixedVersion: '3.0.8-r4' }])
  })
})
