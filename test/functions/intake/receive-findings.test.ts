import { describe, expect, it } from 'vitest'
import { FindingRecord } from '../../../functions/finding/finding.ts'
import { run } from '../../../functions/intake/receive-findings.ts'
import { lists } from '../../../functions/kit/keys.ts'
import {
  asffCopyEvent,
  type BusEntry,
  inspectorFindingEvent,
  reachabilityEvent,
} from '../../../local/scenario-findings.ts'
import { changed, fixtureText, memoryPorts } from './intake-fixtures.ts'

const ec2 = 'findings/inspector-event-ec2.json'
const firstPackage = 'detail.packageVulnerabilityDetails.vulnerablePackages.0'

describe('3.8 receive-findings', () => {
  it('records the finding of an event', async () => {
    const ports = memoryPorts()
    const { recorded, refused } = await run(fixtureText(ec2), ports)
    expect(recorded).toMatchObject([{ outcome: 'recorded' }])
    expect([refused, ports.refusals.kept]).toEqual([[], []])
  })

  it('F1 the event, its ASFF copy, its OCSF copy and duplicates in any order are one finding', async () => {
    const ports = memoryPorts()
    const bodies = [ec2, 'findings/ocsf-event.json', 'findings/asff-event.json', ec2, 'findings/asff-event.json'].map(
      fixtureText,
    )
    for (const body of bodies) await run(body, ports)
    const listed = await ports.ledger.list(FindingRecord, lists.findings)
    expect(listed.map(({ value }) => value.copies.map(({ format }) => format))).toEqual([
      ['inspector2', 'asff', 'ocsf'],
    ])
  })

  it.each([
    ['F4 no JSON', '{"version":', 'NOT_JSON'],
    ['F4 an empty message', ' ', 'EMPTY'],
    ['F4 no event', '{"findings":[]}', 'UNKNOWN_FORMAT'],
    ['F4 a message over 1 MiB', `"${'x'.repeat(1024 * 1024)}"`, 'TOO_LARGE'],
    ['B17 a foreign source', JSON.stringify(changed(ec2, 'source', 'my.app')), 'FOREIGN_SOURCE'],
    ['B16 a foreign account', JSON.stringify(changed(ec2, 'account', '111122223333')), 'FOREIGN_ACCOUNT'],
    [
      'B1 a line of shell as package',
      JSON.stringify(changed(ec2, `${firstPackage}.name`, 'foo; curl x|sh')),
      'BAD_PACKAGE_NAME',
    ],
    ['a coverage event', fixtureText('findings/coverage-event.json'), 'NOT_A_FINDING'],
  ])('%s is put aside with its reason and not delivered again', async (_, body, reason) => {
    const ports = memoryPorts()
    await expect(run(body, ports)).resolves.toMatchObject({ recorded: [] })
    expect(ports.refusals.kept).toMatchObject([{ reason }])
    expect(ports.refusals.kept[0]?.body.length).toBeLessThanOrEqual(200_000)
    expect(ports.counts.get('FindingsRefused')).toBe(1)
    expect([ports.nudges.sent, ports.ledger.outbox()]).toEqual([[], []])
  })

  it('B16 counts a foreign account for the security alarm', async () => {
    const ports = memoryPorts()
    await run(JSON.stringify(changed(ec2, 'account', '111122223333')), ports)
    expect(ports.counts.get('FindingsForeignAccount')).toBe(1)
  })

  it('F6 a fault throws, so that only this message is delivered again', async () => {
    const ports = memoryPorts()
    const ledger = { ...ports.ledger, commit: () => Promise.reject(new Error('DynamoDB is away')) }
    await expect(run(fixtureText(ec2), { ...ports, ledger })).rejects.toThrow('DynamoDB is away')
    expect(ports.refusals.kept).toEqual([])
  })

  it('F6 a refusal that cannot be put aside throws, so that the message is not lost', async () => {
    const ports = memoryPorts()
    const refusals = { put: () => Promise.reject(new Error('SQS is away')) }
    await expect(run('{', { ...ports, refusals })).rejects.toThrow('SQS is away')
  })

  it('takes an import of findings of any account, from the hub account only', async () => {
    const importOf = (account: string) =>
      JSON.stringify({
        'detail-type': 'Drydock Findings Imported',
        source: 'drydock.import',
        account,
        detail: JSON.parse(fixtureText('findings/listfindings-export.json')),
      })
    const ports = memoryPorts()
    expect((await run(importOf(ports.account), ports)).recorded).toHaveLength(2)
    expect((await run(importOf('111122223333'), ports)).refused).toMatchObject([{ refused: 'FOREIGN_SOURCE' }])
  })
})

const finding = {
  account: '444455556666',
  region: 'eu-west-1',
  hostId: 'i-0a1b2c3d4e5f60718',
  cve: 'CVE-2026-5555',
  packageName: 'openssl',
  installedVersion: '1:3.0.2-0ubuntu1.19',
  fixedVersion: '1:3.0.2-0ubuntu1.21',
  severity: 'CRITICAL',
  cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  status: 'ACTIVE',
  updatedAtIso: '2026-09-04T16:59:44.356Z',
  findingUuid: '0123456789abcdef0123456789abcdef',
  platform: 'UBUNTU_22_04',
} as const

const delivered = ({ Source, DetailType, Detail, Resources }: BusEntry) =>
  JSON.stringify({
    ...{ version: '0', id: '1', time: '2026-09-04T17:00:00Z', account: finding.account, region: finding.region },
    ...{ source: Source, 'detail-type': DetailType, resources: Resources, detail: JSON.parse(Detail) },
  })

describe('3.8 scenario findings', () => {
  it('the event, its ASFF copy and a duplicate are one finding to patch', async () => {
    const ports = memoryPorts()
    for (const entry of [inspectorFindingEvent(finding), asffCopyEvent(finding), inspectorFindingEvent(finding)])
      await run(delivered(entry), ports)
    expect(ports.refusals.kept).toEqual([])
    const listed = await ports.ledger.list(FindingRecord, lists.findings)
    expect(listed.map(({ value }) => value)).toMatchObject([
      {
        vulnerabilityId: 'CVE-2026-5555',
        route: 'patch',
        severity: 'critical',
        updatedAt: '2026-09-04T16:59:44.356Z',
        resource: { id: finding.hostId, platform: 'UBUNTU_22_04' },
        packages: [
          {
            name: 'openssl',
            installedVersion: finding.installedVersion,
            fixedVersion: finding.fixedVersion,
            isPatchable: true,
          },
        ],
        copies: [{ format: 'inspector2' }, { format: 'asff' }],
      },
    ])
  })

  it('a reachable port goes to the network owner', async () => {
    const ports = memoryPorts()
    const { account, region, hostId, status, updatedAtIso, platform } = finding
    await run(
      delivered(
        reachabilityEvent({
          account,
          region,
          hostId,
          status,
          updatedAtIso,
          platform,
          fromPort: 443,
          toPort: 443,
          findingUuid: 'f'.repeat(32),
        }),
      ),
      ports,
    )
    const [listed] = await ports.ledger.list(FindingRecord, lists.findings)
    expect(listed?.value).toMatchObject({ route: 'network-owner', reachability: { fromPort: 443 } })
  })
})
