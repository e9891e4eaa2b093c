/** Systems Manager clients by place: the hub's own, or one per spoke and change with the spoke's role. */
import { DescribeDocumentCommand, SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { CommandIntent, SpokeAccess } from '../rollout/ports.ts'
import { clientSettings } from './runtime.ts'
import { isSamePlace, type Places, spokeCredentials, spokeOf } from './spokes.ts'

export interface Clients {
  /** Retries failed calls. */
  readonly client: SSMClient
  /** Never retries: SendCommand has no idempotency token. */
  readonly sender: SSMClient
  readonly isSpoke: boolean
}

/** Changes in work in spokes at the same time; older clients are recreated when needed. */
const keptMax = 64

/** Clients for where a command goes; without a place, or in the hub's, the function's own credentials are used. */
export function clientsByAccess(places: Places, sts: () => STSClient = () => new STSClient(clientSettings)) {
  const kept = new Map<string, Clients>()
  let stsClient: STSClient | undefined
  const remember = (key: string, make: () => Clients): Clients => {
    const known = kept.get(key)
    if (known) return known
    const [oldest] = kept.keys()
    if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest)
    const made = make()
    kept.set(key, made)
    return made
  }
  return (access: SpokeAccess | undefined): Clients => {
    if (!access || isSamePlace(access, places))
      return remember('hub', () => ({
        client: new SSMClient(clientSettings),
        sender: new SSMClient({ ...clientSettings, maxAttempts: 1 }),
        isSpoke: false,
      }))
    const { account, region, changeId, planHash } = access
    return remember([account, region, changeId, planHash].join(' '), () => {
      stsClient ??= sts()
      const spoke = spokeOf(access, places.spokes)
      const tags = { change: changeId, planHash }
      const credentials = spokeCredentials(spoke, places.partition, 'patch', `drydock-${changeId}`, tags, stsClient)
      const client = new SSMClient({ ...clientSettings, region, credentials })
      // Both share one provider, so that a role is assumed once.
      const shared = client.config.credentials
      return {
        client,
        sender: new SSMClient({ ...clientSettings, maxAttempts: 1, region, credentials: shared }),
        isSpoke: true,
      }
    })
  }
}

/**
 * The version number of the pinned document in a spoke: each account numbers its own versions, the hash is the same. *
 * Undefined when the spoke's document differs (B43).
 */
export async function versionInSpoke(
  client: SSMClient,
  { name, hash }: CommandIntent['document'],
): Promise<string | undefined> {
  const { Document } = await client.send(new DescribeDocumentCommand({ Name: name }))
  return Document?.Hash === hash ? Document.DocumentVersion : undefined
}
