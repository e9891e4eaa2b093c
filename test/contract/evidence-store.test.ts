import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directoryEvidenceStore } from '../../cli/evidence-store.ts'
import { s3EvidenceStore } from '../../functions/aws/evidence-store.ts'
import { dynamoLedger } from '../../functions/aws/ledger.ts'
import { isSignedBy, sha256 } from '../../functions/aws/node-crypto.ts'
import { dynamoChainHeads, dynamoLogHead, dynamoOutbox } from '../../functions/aws/outbox.ts'
import { kmsSigner } from '../../functions/aws/signer.ts'
import { archive } from '../../functions/evidence/archive.ts'
import { isEvidenceHealthy, readEvidenceHealth } from '../../functions/evidence/health.ts'
import { parseKeyFile } from '../../functions/evidence/keys.ts'
import { verifyFiles } from '../../functions/evidence/verify.ts'
import { memoryEvidenceStore } from '../../simulator/ports/evidence-store.ts'
import { fixedClock } from '../../simulator/ports/time.ts'
import { anyRecords } from '../functions/evidence/any-log.ts'
import { createTable, endpoint, settings } from './aws.ts'
import { evidenceStoreContract } from './evidence-store.ts'

const root = mkdtempSync(join(tmpdir(), 'drydock-evidence-'))
afterAll(() => rmSync(root, { recursive: true }))

describe('the evidence store in memory', () => evidenceStoreContract(memoryEvidenceStore))

describe('the evidence store in a directory', () =>
  evidenceStoreContract(() => directoryEvidenceStore(mkdtempSync(join(root, 'store-')))))

const run = randomUUID()
const [bucket, table] = [`evidence-${run}`, `ledger-${run}`]
const s3 = new S3Client({ ...settings, forcePathStyle: true })
const dynamo = new DynamoDBClient(settings)
const kms = new KMSClient(settings)

describe.skipIf(!endpoint)('on AWS or its emulator (needs DRYDOCK_AWS_ENDPOINT)', () => {
  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }))
    await createTable(dynamo, table)
  })
  evidenceStoreContract(() => s3EvidenceStore(bucket, s3), `contract/${run}/`)

  it('8.4 F42 files what the ledger committed, holds while the key is disabled, and verifies', async () => {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }),
    )
    const keyId = KeyMetadata?.KeyId ?? ''
    const ledger = dynamoLedger(table, dynamo)
    const commit = async (from: number, count: number) => {
      for (const record of anyRecords(count, from)) {
        const key = { pk: `NOTE#${record.leafId}`, sk: 'NOTE' }
        await ledger.commit({ moves: [{ kind: 'note', key, from: 0, value: {} }], evidence: [record] })
      }
    }
    const ports = {
      store: s3EvidenceStore(bucket, s3),
      signer: kmsSigner({ keyId, name: 'drydock.test/evidence' }, kms),
      outbox: dynamoOutbox(table, dynamo),
      logHead: dynamoLogHead(table, dynamo),
      chainHeads: dynamoChainHeads(table, dynamo),
      clock: fixedClock(Date.parse('2026-11-23T10:00:01.000Z')),
      metrics: { count: () => undefined },
      sha256,
    }
    await commit(0, 12)
    expect(await archive(ports)).toEqual({ filed: 12, size: 12, isDrained: true })
    const publicKeys = parseKeyFile(sha256, await ports.signer.verifierKey()) ?? []
    const verify = () => verifyFiles({ files: ports.store, keys: publicKeys, sha256, verifySignature: isSignedBy })
    expect(await verify()).toMatchObject({ ok: true, size: 12, leaves: 12 })
    await commit(12, 3)
    await kms.send(new DisableKeyCommand({ KeyId: keyId }))
    await expect(archive(ports)).rejects.toMatchObject({ code: 'DD2103' })
    expect(await ports.outbox.pending(10)).toHaveLength(3)
    expect(isEvidenceHealthy(await readEvidenceHealth(ports))).toBe(false)
    expect(await verify()).toMatchObject({ ok: true, size: 12 })
  })
})
