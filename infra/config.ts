/**
 * The one typed configuration of the CDK app, read from the `drydock` context of cdk.json or from `-c drydock='{...}'`.
 */
import * as z from 'zod'

/** Id of a person in the catalogue, as it may stand in a filter policy and in the name of a construct. */
const personId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'the id of a person in the catalogue')
const accountId = z.string().regex(/^\d{12}$/, 'twelve digits')

/** Room for the spokes, as JSON, in the 4 kB of a Lambda's environment; the rest takes 1.9 kB. */
const spokesCharactersMax = 2_000

const Config = z.strictObject({
  /** `local`: the emulator, where SSM documents are registered with the fleet simulator. */
  target: z.enum(['aws', 'local']),
  region: z.string().default('eu-central-1'),
  /** Accounts whose nodes the hub patches, besides its own. */
  spokes: z
    .array(z.strictObject({ account: accountId, region: z.string(), externalId: z.string().min(16) }))
    .refine(
      (spokes) => JSON.stringify(spokes).length <= spokesCharactersMax,
      `more than ${spokesCharactersMax} characters, the limit of a function's environment`,
    )
    .default([]),
  /** The hub's outputs of the same names; the spoke stacks need them, so they are deployed after the hub. */
  hub: z
    .strictObject({
      dispatcherRoleArn: z.string(),
      inventoryRoleArn: z.string(),
      plannerRoleArn: z.string(),
      busArn: z.string(),
      /** The place of override lists, which stands in the spoke's documents too. */
      overridesBucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'the name of the bucket of override lists'),
    })
    .optional(),
  /**
   * Accounts that send findings of others: the organisation's Security Hub or Inspector administrator, the hub where it
   * is one.
   */
  findingAggregators: z.array(accountId).default([]),
  /**
   * Whether findings are also pulled from Inspector every ten minutes; off where the hub's account has no Inspector.
   */
  pullFindings: z.boolean().default(true),
  /** The organisation that hub and spokes are in: a spoke trusts nobody outside of it. Not needed without spokes. */
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/)
    .optional(),
  /** `compliance` cannot be shortened by anyone, and blocks `cdk destroy` until it ends. */
  retention: z.strictObject({ mode: z.enum(['governance', 'compliance']), days: z.number().int().min(1).max(36_500) }),
  /**
   * `postQuantum`: checkpoints carry a second signature, by an ML-DSA-65 key; a KMS key more, one more call per
   * checkpoint.
   */
  evidence: z.strictObject({ postQuantum: z.boolean() }).default({ postQuantum: false }),
  mailSender: z.email(),
  alarmEmail: z.email(),
  /**
   * People of the catalogue whose `channel` is `sns`: each gets an own subscription to the approval topic, which lets
   * through only what is meant for that person. An e-mail subscription has to be confirmed by its owner.
   */
  snsApprovers: z
    .array(
      z.discriminatedUnion('protocol', [
        z.strictObject({ id: personId, protocol: z.literal('email'), endpoint: z.email() }),
        z.strictObject({ id: personId, protocol: z.literal('https'), endpoint: z.url({ protocol: /^https$/ }) }),
      ]),
    )
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'an approver is listed twice')
    .default([]),
  /** Who may open the console: IAM callers, or people signed in at an OIDC issuer. Approval links need neither. */
  consoleSignIn: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('iam') }),
    z.strictObject({ kind: z.literal('oidc'), issuer: z.url(), audience: z.array(z.string()).min(1) }),
  ]),
  /** The console's own address in links; defaults to the API's. */
  consoleUrl: z.url().optional(),
  feeds: z.strictObject({ kev: z.url(), epss: z.url(), vulnrichment: z.url() }).default({
    kev: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
    epss: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
    vulnrichment: 'https://raw.githubusercontent.com/cisagov/vulnrichment/develop',
  }),
  /** Local only: where the fleet simulator answers for SSM and CloudWatch. */
  ssmEndpoint: z.url().optional(),
})
export const DrydockConfig = Config.refine(
  ({ spokes, organizationId }) => spokes.length === 0 || organizationId !== undefined,
  { path: ['organizationId'], error: 'is required with spokes' },
)
export type DrydockConfig = z.infer<typeof DrydockConfig>

/** `patch` sends commands, `inventory` only reads nodes; functions/aws/spokes.ts assumes them by these names. */
export type SpokeRole = 'patch' | 'inventory'
export const spokeRoleName = (role: SpokeRole, region: string) => `drydock-${role}-${region}`
export interface Place {
  readonly account: string
  readonly region: string
}

/** Parses the context value; says which key is wrong and what it takes. */
export function readConfig(context: unknown): DrydockConfig {
  const parsed = DrydockConfig.safeParse(typeof context === 'string' ? JSON.parse(context) : context)
  if (!parsed.success) throw new Error(`cdk.json, context "drydock":\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}
