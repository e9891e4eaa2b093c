import {
  GetObjectCommand,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, it } from 'vitest'
import { s3EvidenceStore } from '../../../functions/aws/evidence-store.ts'
import { mockClient } from '../../aws/mock-client.ts'

const client = new S3Client({ region: 'eu-central-1' })
const s3 = mockClient(client)
const store = s3EvidenceStore('evidence', client)
const bytes = (text: string) => new TextEncoder().encode(text)
const answered = (status: number, name: string) =>
  new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: status } })
const conflict = answered(409, 'ConditionalRequestConflict')
const failed = answered(412, 'PreconditionFailed')
const standing = (text: string, ETag: string) => ({
  ETag,
  // The part of the SDK's stream that the store uses.
  Body: { transformToByteArray: async () => bytes(text) } as never,
})

describe('F11 F41 the evidence store on S3', () => {
  beforeEach(() => s3.reset())

  it('creates under If-None-Match', async () => {
    s3.on(PutObjectCommand).resolves({})
    expect(await store.create('v1/leaf/a', bytes('a'))).toBe('created')
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ Key: 'v1/leaf/a', IfNoneMatch: '*' })
  })

  it('says exists of 412', async () => {
    s3.on(PutObjectCommand).rejects(failed)
    expect(await store.create('v1/leaf/a', bytes('a'))).toBe('exists')
  })

  it('comes again after 409, for then nobody has written yet: to find the other writer first, or to be first', async () => {
    s3.on(PutObjectCommand).rejectsOnce(conflict).rejectsOnce(failed)
    expect(await store.create('v1/leaf/a', bytes('a'))).toBe('exists')
    s3.reset()
    s3.on(PutObjectCommand).rejectsOnce(conflict).resolves({})
    expect(await store.create('v1/leaf/a', bytes('a'))).toBe('created')
  })

  it('gives up after five conflicts: never says exists of what nobody wrote', async () => {
    s3.on(PutObjectCommand).rejects(conflict)
    await expect(store.create('v1/leaf/a', bytes('a'))).rejects.toBe(conflict)
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(5)
  })

  it.each([
    ['503', answered(503, 'SlowDown')],
    ['403', answered(403, 'AccessDenied')],
    ['no bucket', new NoSuchBucket({ message: 'none', $metadata: { httpStatusCode: 404 } })],
  ])('F40 throws on %s: neither created nor there', async (_, error) => {
    s3.on(PutObjectCommand).rejects(error)
    s3.on(GetObjectCommand).rejects(error)
    await expect(store.create('v1/leaf/a', bytes('a'))).rejects.toBe(error)
    await expect(store.read('v1/leaf/a')).rejects.toBe(error)
    await expect(store.replace('v1/tlog/checkpoint', bytes('b'), bytes('a'))).rejects.toBe(error)
  })

  it('replaces what it read, by its ETag, and nothing else', async () => {
    s3.on(GetObjectCommand).resolves(standing('one', '"1"'))
    s3.on(PutObjectCommand).resolves({})
    expect(await store.replace('v1/tlog/checkpoint', bytes('two'), bytes('other'))).toBe('changed')
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(0)
    expect(await store.replace('v1/tlog/checkpoint', bytes('two'), bytes('one'))).toBe('replaced')
    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({ IfMatch: '"1"' })
  })

  it.each([
    ['replaced', failed],
    ['deleted', new NoSuchKey({ message: 'none', $metadata: { httpStatusCode: 404 } })],
  ])('says changed when it was %s after the read', async (_, error) => {
    s3.on(GetObjectCommand).resolves(standing('one', '"1"'))
    s3.on(PutObjectCommand).rejects(error)
    expect(await store.replace('v1/tlog/checkpoint', bytes('two'), bytes('one'))).toBe('changed')
  })
})
