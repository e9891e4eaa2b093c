/** Services, people, freezes and assets: what an organisation tells Drydock about itself. */
import * as z from 'zod'
import { Freeze, NamedCalendar, Window } from '../calendar/index.ts'
import type { RecordKind } from '../kit/ledger.ts'
import { Name } from '../kit/name.ts'

/** B45: one message for every mistake, because `80`, `"80"` and `"80%"` are easily confused. */
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

/** A metric that tells whether patched hosts are worse off. */
export const ServiceMetric = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  higherIsWorse: z.boolean(),
  /** What a missing sample means: unknown, or zero where the metric exists only when something happens. */
  missing: z.enum(['unknown', 'zero']).optional(),
})

/** A ring as a service declares it: hosts promoted together (a maintenance group, NIST SP 800-40r4). */
export const RingDefinition = z.strictObject({
  /** dev, staging, canary, production ... in the order of promotion. */
  name: Name,
  /** The `patch-stage` tag value of the ring's hosts. */
  stage: z.string(),
  soakSeconds: z.number().int().min(0),
  /** Whether patched hosts are compared with unpatched ones before promotion. */
  isCanary: z.boolean().default(false),
  /** Failed hosts that the ring tolerates before it halts. */
  failureBudget: countOrShare,
})
export type RingDefinition = z.infer<typeof RingDefinition>

/**
 * A service as intended: its owner, exposure, minimum health, rings, windows, probes and recovery objectives.
 */
export const Service = z.strictObject({
  name: Name,
  title: z.string(),
  tier: z.enum(['mission-critical', 'business-essential', 'non-essential']),
  owner: z.string(),
  steward: z.string().optional(),
  dependsOn: z.array(Name).default([]),
  /**
   * Whether unauthenticated parties reach it over public networks; unknown counts as exposed (BOD 26-04). Internal: from
   * the organisation's network; isolated: from its own host or a highly controlled network alone (SSVC: small).
   */
  exposure: z.enum(['internet', 'internal', 'isolated', 'unknown']).default('unknown'),
  minimumHealthy: countOrShare,
  minimumHealthyPerZone: countOrShare.default(0),
  concurrencyMax: z.number().int().min(1).default(50),
  rings: z.array(RingDefinition).min(1),
  /** Empty: any time is allowed. */
  windows: z.array(Window).default([]),
  probes: z
    .array(
      z.strictObject({
        name: Name,
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

/** A person who may be asked, with addresses and roles. */
export const Person = z.strictObject({
  id: Name,
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

/** Everything that an organisation declares about its services and people; one document, checked as a whole. */
export const Catalogue = z.strictObject({
  services: z.array(Service),
  people: z.array(Person),
  /** Host pairs that may never be in work together, e.g. primary and replica. */
  conflicts: z.array(z.tuple([z.string(), z.string()])).default([]),
  freezes: z.array(Freeze).default([]),
  calendars: z.array(NamedCalendar).default([]),
})
export type Catalogue = z.infer<typeof Catalogue>

/** The catalogue in the ledger: one record. */
export const CatalogueRecord: RecordKind<Catalogue> = { kind: 'catalogue', schema: Catalogue }
