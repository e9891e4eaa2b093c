/** The evidence store by S3. Object Lock comes from the bucket's default retention; write-once from If-None-Match. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { type EvidenceStore, isSameBytes } from '../evidence/index.ts'

const statusOf = (error: unknown) => (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined)

/** Whether the key is absent; an absent bucket is a fault. */
const isAbsent = (error: unknown) => statusOf(error) === 404 && !(error instanceof NoSuchBucket)

/** S3 answers concurrent writes of one key with 409; the retry then finds what the other wrote. */
const conflictTriesMax = 5

const contentTypeOf = (path: string) => {
  if (path.endsWith('.json')) return 'application/json'
  return path.endsWith('/checkpoint') ? 'text/plain; charset=utf-8' : 'application/octet-stream'
}

/** The store on one bucket. */
export function s3EvidenceStore(bucket: string, client: S3Client): EvidenceStore {
  /** False when the condition does not hold (412; under If-Match, 404 when there is no object). */
  async function put(path: string, bytes: Uint8Array, condition: { IfNoneMatch: string } | { IfMatch: string }) {
    const input = { Bucket: bucket, Key: path, Body: bytes, ContentType: contentTypeOf(path), ...condition }
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(new PutObjectCommand(input))
        return true
      } catch (error) {
        const status = statusOf(error)
        if (status === 412 || ('IfMatch' in condition && isAbsent(error))) return false
        if (status !== 409 || attempt === conflictTriesMax) throw error
      }
    }
  }

  async function get(path: string) {
    try {
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: path }))
      return Body && { bytes: await Body.transformToByteArray(), etag: ETag }
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  return {
    create: async (path, bytes) => ((await put(path, bytes, { IfNoneMatch: '*' })) ? 'created' : 'exists'),
    async replace(path, bytes, expected) {
      if (!expected) return (await put(path, bytes, { IfNoneMatch: '*' })) ? 'replaced' : 'changed'
      // The ETag of an object under SSE-KMS is not a digest of its bytes, so it is read together with them.
      const standing = await get(path)
      if (!standing?.etag || !isSameBytes(standing.bytes, expected)) return 'changed'
      return (await put(path, bytes, { IfMatch: standing.etag })) ? 'replaced' : 'changed'
    },
    read: async (path) => (await get(path))?.bytes,
    async list(prefix) {
      const paths: string[] = []
      let token: string | undefined
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token ? { ContinuationToken: token } : {}),
          }),
        )
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) paths.push(Key)
        token = page.NextContinuationToken
      } while (token)
      return paths
    },
  }
}
