/** Services, people, freezes and assets: what an organisation tells Drydock about itself. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

const name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower case letters, digits and hyphens')
/** B45: one message whichever way it is wrong, because `80`, `"80"` and `"80%"` are easily mixed up. */
const isNeither = {
  error: ({ input }: { readonly input?: unknown }) => {
    const got = typeof input === 'string' ? `"${input.slice(0, 40)}"` : String(input)
    return `${got} is neither a number of hosts (4) nor a share in quotes ("80%")`
  },
}
/** A count (`4`) or a share of the group (`"80%"`). */
const countOrShare = z.union(
  [z.int(isNeither).min(0, isNeither), z.string(isNeither).regex(/^(100|[1-9]?\d)%$/, isNeither)],
  isNeither,
)

/** A weekly maintenance window in the service's own time zone. */
export const Window = z.strictObject({
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  /** Local wall-clock time `HH:MM`. */
  start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  durationMinutes: z.number().int().min(1).max(1440),
  timeZone: z.string(),
})
export type Window = z.infer<typeof Window>

/** A metric that tells whether patched hosts are worse off. */
export const ServiceMetric = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  higherIsWorse: z.boolean(),
  /** What a missing sample means: unknown, or zero where the metric exists only when something happens. */
  missing: z.enum(['unknown', 'zero']).optional(),
})

export const RingDefinition = z.strictObject({
  /** dev, staging, canary, production ... in the order of promotion. */
  name,
  /** Hosts whose tag `patch-stage` has this value belong to the ring. */
  stage: z.string(),
  soakSeconds: z.number().int().min(0),
  /** Compare patched with unpatched hosts before promotion. */
  isCanary: z.boolean().default(false),
  /** Failed hosts that the ring tolerates before it halts. */
  failureBudget: countOrShare,
})
export type RingDefinition = z.infer<typeof RingDefinition>

export const Service = z.strictObject({
  name,
  title: z.string(),
  tier: z.enum(['mission-critical', 'business-essential', 'non-essential']),
  owner: z.string(),
  steward: z.string().optional(),
  dependsOn: z.array(name).default([]),
  /** Whether unauthenticated parties reach it over public networks; unknown counts as exposed (BOD 26-04). */
  exposure: z.enum(['internet', 'internal', 'unknown']).default('unknown'),
  minimumHealthy: countOrShare,
  minimumHealthyPerZone: countOrShare.default(0),
  concurrencyMax: z.number().int().min(1).default(50),
  rings: z.array(RingDefinition).min(1),
  /** Empty: any time is allowed. */
  windows: z.array(Window).default([]),
  probes: z
    .array(
      z.strictObject({
        name,
        url: z.url(),
        expectStatus: z.number().int().default(200),
        timeoutMs: z.number().int().min(1).max(30000).default(3000),
      }),
    )
    .default([]),
  rollbackCriteria: z.strictObject({
    metrics: z.array(ServiceMetric).default([]),
    /** Failed probes in a row that trigger rollback. */
    probeFailuresMax: z.number().int().min(0).default(0),
  }),
  rtoMinutes: z.number().positive(),
  rpoMinutes: z.number().positive(),
})
export type Service = z.infer<typeof Service>

export const Person = z.strictObject({
  id: name,
  name: z.string(),
  email: z.email(),
  /** Other addresses of the same human; a vote from any of them counts once. */
  aliases: z.array(z.email()).default([]),
  roles: z
    .array(z.enum(['service-owner', 'security', 'change-manager', 'operations', 'compliance', 'executive']))
    .min(1),
  channel: z.enum(['email', 'sns']).default('email'),
})
export type Person = z.infer<typeof Person>

export const Freeze = z.strictObject({
  name: z.string(),
  /** Services frozen; empty: all. */
  services: z.array(name).default([]),
  start: z.string(),
  end: z.string(),
  reason: z.string(),
})
export type Freeze = z.infer<typeof Freeze>

export const Catalogue = z.strictObject({
  services: z.array(Service),
  people: z.array(Person),
  /** Host pairs that may never be in work together, e.g. primary and replica. */
  conflicts: z.array(z.tuple([z.string(), z.string()])).default([]),
  freezes: z.array(Freeze).default([]),
  /** iCalendar texts by name; an unreadable calendar counts as closed. */
  calendars: z
    .array(z.strictObject({ name: z.string(), services: z.array(name).default([]), ics: z.string().max(1_000_000) }))
    .default([]),
})
export type Catalogue = z.infer<typeof Catalogue>

export const CatalogueRecord: RecordKind<Catalogue> = { kind: 'catalogue', schema: Catalogue }

/** A managed node as SSM and its tags tell of it. */
export const Asset = z.strictObject({
  hostId: z.string().regex(/^(i|mi)-[0-9a-f]{8}([0-9a-f]{9})?$/),
  account: z.string(),
  region: z.string(),
  /** One to three services, from tag `patch-service` (comma list); empty: untagged, shown and never patched. */
  services: z.array(name),
  /** From tag `patch-stage`. */
  stage: z.string().optional(),
  /** From EC2, else from tag `patch-zone`, else `unknown`, which counts as a zone of its own. */
  zone: z.string(),
  platform: z.enum(['amazon-linux', 'rhel', 'debian', 'ubuntu', 'suse', 'windows', 'unknown']),
  agentVersion: z.string(),
  isOnline: z.boolean(),
  /** Tag `patch-managed` is `true`. */
  isManaged: z.boolean(),
  /** Installed version by package name, for the packages that findings named. */
  packages: z.record(z.string(), z.string()),
  seenAt: z.string(),
})
export type Asset = z.infer<typeof Asset>

export const AssetRecord: RecordKind<Asset> = { kind: 'asset', schema: Asset }
