/** Records whose value is an object: it stands beside the table under its hash, written once, and its item is a header. */
import * as z from 'zod'

/** Kinds of records that grow with the fleet: a plan over 10,000 hosts has megabytes, an item at most 400 KB. */
export const objectKinds: ReadonlySet<string> = new Set(['plan'])

/** The item of such a record: the object's path in the evidence bucket, its SHA-256 in hex, and its size. */
export const ObjectHeader = z.strictObject({
  object: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().min(0),
})
export type ObjectHeader = z.infer<typeof ObjectHeader>

/** Where an object stands, by its SHA-256: evidence that names the path exports it. */
export const objectPath = (sha256: string): string => `v1/object/${sha256}.json`
