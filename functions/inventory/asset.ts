/** Nodes as they are. */

import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'
import { Name } from '../kit/name.ts'
import { tableOf } from '../kit/table.ts'

/** A host's operating system, as far as its packages are concerned. */
export const Platform = z.enum(['amazon-linux', 'rhel', 'debian', 'ubuntu', 'suse', 'windows', 'unknown'])
export type Platform = z.infer<typeof Platform>

/** A managed node, from SSM and its tags. */
export const Asset = z.strictObject({
  hostId: z.string().regex(/^(i|mi)-[0-9a-f]{8}([0-9a-f]{9})?$/),
  account: z.string(),
  region: z.string(),
  /** One to three services, from tag `patch-service` (comma list); empty: untagged, shown and never patched. */
  services: z.array(Name),
  /** From tag `patch-stage`. */
  stage: z.string().optional(),
  /** From EC2, else from tag `patch-zone`, else `unknown`, which counts as a zone of its own. */
  zone: z.string(),
  platform: Platform,
  agentVersion: z.string(),
  isOnline: z.boolean(),
  /** Tag `patch-managed` is `true`. */
  isManaged: z.boolean(),
  /** Installed version by package name, for packages that findings name. */
  packages: tableOf(z.string()),
  seenAt: z.string(),
})
export type Asset = z.infer<typeof Asset>

/** A node in the ledger: one record each. */
export const AssetRecord: RecordKind<Asset> = { kind: 'asset', schema: Asset }
