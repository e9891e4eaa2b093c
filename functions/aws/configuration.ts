/**
 * The configuration of the functions: every environment variable, what it may hold, and the one place that reads it.
 */
import * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'

const accountId = z.string().regex(/^\d{12}$/, 'must be twelve digits')
const regionName = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d+$/, 'must be a region, such as eu-central-1')
const address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })
const queueUrl = address
/** Of a table, a bucket or a key: the characters that AWS allows in all of them. */
const resourceName = z.string().regex(/^[A-Za-z0-9._:/-]{1,512}$/, 'must be the name or id of a resource')
const arnOf = (service: string) =>
  z.string().regex(new RegExp(`^arn:[a-z-]+:${service}:[^ ]+$`), `must be an ARN of ${service}`)

/** Ids separated by commas; empty means none, which is not the same as missing. */
const listOf = (item: z.ZodString) =>
  z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',')))
    .pipe(z.array(item))

/** An account and region besides the hub's own, and what its roles require to be assumed. */
const Spoke = z.strictObject({ account: accountId, region: regionName, externalId: z.string().min(16) })
export type Spoke = z.infer<typeof Spoke>

const Spokes = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON list of spokes' })
      return z.NEVER
    }
  })
  .pipe(z.array(Spoke))

/**
 * Every setting of a function. A handler picks those it reads; infra/constructs/environment.ts provides exactly these.
 */
export const Settings = z.object({
  table: resourceName,
  /** The hub's account, as evidence names it. */
  account: accountId,
  /** Set by Lambda. */
  region: regionName,
  partition: z.string().regex(/^aws(?:-[a-z]+)*$/, 'must be a partition, such as aws'),
  spokes: Spokes,
  /** Address of the emulator; absent on AWS, where the SDK knows. */
  endpointUrl: address.optional(),
  evidenceBucket: resourceName,
  feedsBucket: resourceName,
  overridesBucket: resourceName,
  outputBucket: resourceName,
  evidenceKeyId: resourceName,
  /** `none` where checkpoints carry one signature. */
  evidencePostQuantumKeyId: resourceName.transform((id) => (id === 'none' ? undefined : id)),
  evidenceLogName: resourceName,
  findingsQueueUrl: queueUrl,
  enrichQueueUrl: queueUrl,
  assessQueueUrl: queueUrl,
  dispatchQueueUrl: queueUrl,
  archiveQueueUrl: queueUrl,
  refusalsQueueUrl: queueUrl,
  /** Used by the command line alone. */
  deadLettersQueueUrl: queueUrl,
  changeMachineArn: arnOf('states'),
  /** Accounts that may send findings of other accounts. */
  findingAggregators: listOf(accountId),
  mailSender: z.email('must be a mail address'),
  approvalTopicArn: arnOf('sns'),
  /** People who have a subscription of their own to the approval topic. */
  snsApprovers: listOf(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be the id of a person in the catalogue')),
  consoleUrl: address,
  kevAddress: address,
  epssAddress: address,
  vulnrichmentAddress: address,
})
export type Settings = z.infer<typeof Settings>
export type SettingName = keyof Settings

/** Names set by Lambda and the SDK, not by us. */
const foreignVariables: ReadonlyMap<string, string> = new Map([
  ['region', 'AWS_REGION'],
  ['endpointUrl', 'AWS_ENDPOINT_URL'],
])

/** The environment variable of a setting: `evidenceKeyId` is `DRYDOCK_EVIDENCE_KEY_ID`. */
export const variableOf = (setting: string): string =>
  foreignVariables.get(setting) ?? `DRYDOCK_${setting.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`

/** A process's environment: variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The settings of one schema, from the environment: all at once, so that a function that lacks one says so at its cold
 * start.
 *
 * @param advice what to do about a variable that is missing or wrong.
 * @throws DrydockError DD1002 that names every variable that is missing or malformed. It repeats no value: some are
 * secret.
 */
export function readConfiguration<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment = process.env,
  advice = 'deploy the hub stack again',
): z.output<z.ZodObject<Shape>> {
  const given = new Map(Object.keys(schema.shape).map((setting) => [setting, environment[variableOf(setting)]]))
  const parsed = schema.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path: [setting = '', ...inside], message }) => {
    const name = variableOf(String(setting))
    if (!given.get(String(setting))) return `${name} is missing`
    return `${[name, ...inside].join('.')} is wrong: ${message}`
  })
  throw new DrydockError('DD1002', `${[...new Set(faults)].join('; ')}; ${advice}`)
}

/** Builds the ports of a Lambda from its configuration; kit/lambda-handler.ts calls it at the cold start. */
export const configured =
  <Shape extends z.ZodRawShape, Ports>(
    schema: z.ZodObject<Shape>,
    build: (settings: z.output<z.ZodObject<Shape>>) => Ports,
  ) =>
  (): Ports =>
    build(readConfiguration(schema))
