/**
 * The spokes of the configuration, and credentials of their roles: assumed with the external id, kept until shortly
 * before they expire.
 */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { DrydockError } from '../kit/errors.ts'
import type { Settings, Spoke } from './configuration.ts'
import { clientSettings } from './runtime.ts'

/** The settings that name places. */
export const placeSettings = { account: true, region: true, partition: true, spokes: true } as const

/** The hub's own account and region, and the spokes beside it. */
export type Places = Pick<Settings, keyof typeof placeSettings>

export interface Place {
  readonly account: string
  readonly region: string
}

/** `patch` sends commands, `inventory` only reads nodes; infra/spoke-stack.ts makes both by these names. */
export type SpokeRole = 'patch' | 'inventory'

/** Sessions last an hour at most; the SDK renews them five minutes before they expire. */
const sessionSeconds = 3_600

export const isSamePlace = (one: Place, other: Place) => one.account === other.account && one.region === other.region

/**
 * The spoke of a place.
 *
 * @throws DrydockError DD1006 when the configuration has none; nothing is sent then.
 */
export function spokeOf(place: Place, spokes: readonly Spoke[]): Spoke {
  const spoke = spokes.find((one) => isSamePlace(one, place))
  if (!spoke)
    throw new DrydockError(
      'DD1006',
      `account ${place.account} in ${place.region} is not a spoke in the configuration; add it and deploy the hub again`,
    )
  return spoke
}

/**
 * A provider of a spoke role's credentials, for its own SDK client, which caches and renews them.
 * @param tags session tags that tell the spoke's CloudTrail and policies the change.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function spokeCredentials(
  { account, region, externalId }: Spoke,
  partition: string,
  role: SpokeRole,
  sessionName: string,
  tags: Readonly<Record<string, string>> = {},
  sts = new STSClient(clientSettings),
) {
  return async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:${partition}:iam::${account}:role/drydock-${role}-${region}`,
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
