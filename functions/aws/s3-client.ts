/** The S3 client; the emulator serves buckets by path, not by host name. */
import { S3Client } from '@aws-sdk/client-s3'
import type { Settings } from './configuration.ts'
import { clientSettings } from './runtime.ts'

/** A client for AWS, or for the emulator at `endpointUrl`. */
export const s3Client = ({ endpointUrl }: Pick<Settings, 'endpointUrl'>): S3Client =>
  new S3Client({ ...clientSettings, forcePathStyle: endpointUrl !== undefined })
