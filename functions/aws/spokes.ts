/** The spokes of the configuration, and credentials of their roles: assumed with the external id, held until shortly before they end. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import * as z from 'zod'
import { DrydockError } from '../kit/errors.ts'
import { clientSettings, environment } from './runtime.ts'

const Spokes = z.array(z.strictObject({ account: z.string(), region: z.string(), externalId: z.string() }))
export type Spoke = z.infer<typeof Spokes>[number]

export interface Place {
  readonly account: string
  readonly region: string
}

/** `patch` sends commands, `inventory` only reads nodes; infra/spoke-stack.ts makes both by these names. */
export type SpokeRole = 'patch' | 'inventory'

/** Sessions last an hour at most; the SDK asks again five minutes before the end. */
const sessionSeconds = 3_600

/** Accounts and regions besides the hub's own, from DRYDOCK_SPOKES. */
export const configuredSpokes = (): Spoke[] => Spokes.parse(JSON.parse(process.env.DRYDOCK_SPOKES ?? '[]'))

/** The hub's own account and region. */
export const hubPlace = (): Place => ({ account: environment('DRYDOCK_ACCOUNT'), region: environment('AWS_REGION') })

export const isSamePlace = (one: Place, other: Place) => one.account === other.account && one.region === other.region

/**
 * The spoke of a place.
 *
 * @throws DrydockError DD1006 when the configuration has none: nothing is sent there.
 */
export function spokeOf(place: Place, spokes: readonly Spoke[]): Spoke {
  const spoke = spokes.find((one) => isSamePlace(one, place))
  if (!spoke)
    throw new DrydockError(
      'DD1006',
      `account ${place.account} in ${place.region} is no spoke of the configuration; add it and deploy the hub again`,
    )
  return spoke
}

/**
 * A provider of a spoke role's credentials, for an SDK client of its own: the client keeps them and asks again before they end.
 *
 * @param tags session tags, by which the spoke's CloudTrail and policies know the change.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function spokeCredentials(
  { account, region, externalId }: Spoke,
  role: SpokeRole,
  sessionName: string,
  tags: Readonly<Record<string, string>> = {},
  sts = new STSClient(clientSettings),
) {
  return async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:${process.env.DRYDOCK_PARTITION ?? 'aws'}:iam::${account}:role/drydock-${role}-${region}`,
        RoleSessionName: sessionName,
        ExternalId: externalId,
        DurationSeconds: sessionSeconds,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    )
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
    if (!AccessKeyId || !SecretAccessKey || !SessionToken)
      throw new DrydockError('DD1007', `STS gave no credentials for ${account} in ${region}`)
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      ...(Expiration ? { expiration: Expiration } : {}),
    }
  }
}
