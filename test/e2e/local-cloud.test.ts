import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dynamoLedger } from '../../functions/aws/ledger.ts'
import { FindingRecord } from '../../functions/finding/finding.ts'
import { lists, partitions } from '../../functions/kit/keys.ts'
import type { HubOutputs } from '../../local/deploy.ts'
import { deployByCdk } from '../../local/deploy-by-cdk.ts'
import { startEmulatorCloud } from '../../local/emulator-cloud.ts'
import { seed } from '../../local/scenario/seed.ts'
import { awaitValue } from '../../local/scenario/wait.ts'
import { inspectorFindingEvent } from '../../local/scenario-findings.ts'
import { defaultFleet, withSpoke } from '../../simulator/fleet/default-fleet.ts'
import { projectRoot } from '../../tools/processes.ts'
import { ledgerContract } from '../contract/ledger.ts'
import { votesContract } from '../contract/votes.ts'
import { faultsOfTheCloud } from './faults.ts'

const drydock = (...words: string[]) =>
  promisify(execFile)(process.execPath, ['cli/drydock.mjs', ...words], {
    cwd: projectRoot,
    timeout: 60_000,
    env: { ...process.env, ...cloud.environment },
  })

let cloud: Awaited<ReturnType<typeof startEmulatorCloud>>
const table = (outputs: HubOutputs) => outputs.LedgerTable

describe('10.1 the CDK app on the emulator, deployed by the CDK CLI', () => {
  const fleet = withSpoke(defaultFleet(22))

  beforeAll(async () => {
    cloud = await startEmulatorCloud({ fleet, onLine: () => undefined, keepsState: true, deploy: deployByCdk })
    await seed(cloud, cloud.fleetAddress, Date.now())
  })
  afterAll(() => cloud?.stop())

  describe('faults of the cloud under a rollout', () => {
    faultsOfTheCloud(() => ({ fleet, cloud }))
  })

  describe('the ledger on DynamoDB', () => {
    ledgerContract(() => {
      const client = new DynamoDBClient(cloud.client)
      return {
        ledger: dynamoLedger(table(cloud.outputs), client, cloud.evidence),
        leafIds: async () => {
          const shards = await Promise.all(
            partitions.outboxes.map((outbox) =>
              client.send(
                new QueryCommand({
                  TableName: table(cloud.outputs),
                  KeyConditionExpression: 'pk = :pk',
                  ExpressionAttributeValues: { ':pk': { S: outbox } },
                  ConsistentRead: true,
                }),
              ),
            ),
          )
          return shards
            .flatMap(({ Items = [] }) => Items)
            .map(({ sk }) => sk?.S ?? '')
            .filter((id) => id.includes('CONTRACT'))
        },
      }
    })
  })

  describe('11.5 votes on DynamoDB', () => {
    votesContract(() => dynamoLedger(table(cloud.outputs), new DynamoDBClient(cloud.client)))
  })

  it('F4 B1 takes in a finding beside a malformed event and an injected package name, which end refused', async () => {
    const good = {
      account: '123456789012',
      region: 'eu-central-1',
      hostId: 'i-0000000000d0c001e',
      cve: 'CVE-2025-4242',
      packageName: 'curl',
      installedVersion: '7.81.0-1ubuntu1.13',
      fixedVersion: '7.81.0-1ubuntu1.14',
      severity: 'HIGH',
      cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      status: 'ACTIVE',
      updatedAtIso: new Date().toISOString(),
      findingUuid: 'e2e00000000000000000000000000001',
      platform: 'UBUNTU_22_04',
    } as const
    await cloud.publish({ Source: 'aws.inspector2', DetailType: 'Inspector2 Finding', Detail: '{"findingArn":1}' })
    await cloud.publish(
      inspectorFindingEvent({
        ...good,
        cve: 'CVE-2025-6666',
        packageName: 'foo; curl x|sh',
        findingUuid: 'e2e00000000000000000000000000002',
      }),
    )
    await cloud.publish(inspectorFindingEvent(good))
    const findings = await awaitValue(
      'the finding',
      async () => {
        const all = (await cloud.ledger.list(FindingRecord, lists.findings)).map(({ value }) => value.vulnerabilityId)
        return all.includes('CVE-2025-4242') ? all : undefined
      },
      { timeoutMs: 30_000 },
    )
    expect(findings).not.toContain('CVE-2025-6666')
    const refused = await awaitValue(
      'the refusals',
      async () => {
        const response = await fetch(
          `${cloud.endpoint}/_ministack/sqs/messages?account=123456789012&QueueUrl=${encodeURIComponent(cloud.outputs.RefusalsQueueUrl)}`,
        )
        const text = await response.text()
        return text.includes('BAD_PACKAGE_NAME') ? text : undefined
      },
      { timeoutMs: 30_000 },
    )
    expect(refused).toContain('BAD_PACKAGE_NAME')
  })

  it('F17 B32 changes nothing on GET and HEAD, and refuses other methods', async () => {
    for (const [method, path, status] of [
      ['GET', '/', 200],
      ['HEAD', '/', 200],
      ['GET', '/approve', 200],
      ['PUT', '/approve', 404],
    ] as const) {
      const response = await fetch(`${cloud.consoleUrl}${path}`, { method })
      expect([status, 405], `${method} ${path}`).toContain(response.status)
      if (method === 'GET') expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })

  it('10.3 answers the command line', async () => {
    const { stdout } = await drydock('catalogue', 'show', '--json')
    expect(JSON.parse(stdout).services).toHaveLength(5)
    expect(JSON.parse(stdout).assets).toHaveLength(60)
  })
})

describe('10.1 npm start', () => {
  it('6.8 7.3 8.8 keeps every promise of the scenario on the emulator', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['cli/drydock.mjs', 'start', '--yes', '--json'], {
      cwd: projectRoot,
      timeout: 290_000,
      maxBuffer: 10_000_000,
    })
    const { promises, kind } = JSON.parse(stdout)
    expect(kind).toBe('emulator')
    expect(promises).toEqual(Object.fromEntries(Object.keys(promises).map((promise) => [promise, true])))
  })

  it('keeps them in process where no emulator is to be had, and says so first', async () => {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['cli/drydock.mjs', 'start', '--yes', '--json', '--in-process', '--from', '2026-11-30T22:00:00Z'],
      { cwd: projectRoot, timeout: 200_000, maxBuffer: 10_000_000 },
    )
    expect(stderr.split('\n')[0]).toContain('in process')
    const { promises } = JSON.parse(stdout)
    expect(promises).toEqual(Object.fromEntries(Object.keys(promises).map((promise) => [promise, true])))
  })
})
