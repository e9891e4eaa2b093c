/** Clients of Systems Manager by place: the hub's own, or one for each spoke and change with the spoke's role. */
import { DescribeDocumentCommand, SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { CommandIntent, SpokeAccess } from '../rollout/ports.ts'
import { clientSettings } from './runtime.ts'
import { isSamePlace, type Places, spokeCredentials, spokeOf } from './spokes.ts'

export interface Clients {
  /** Repeats calls that failed. */
  readonly client: SSMClient
  /** Never repeats a call: SendCommand has no idempotency token. */
  readonly sender: SSMClient
  readonly isSpoke: boolean
}

/** Changes at work in spokes at the same time; older clients are made again when they are needed. */
const keptMax = 64

/** Clients for where a command goes; without a place of its own, or with the hub's, the function's own credentials act. */
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
      // One provider that both share, so that a role is assumed once.
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
 * The number that the pinned document has in a spoke: every account counts its own versions, the hash is the same.
 *
 * Undefined when the spoke's document is another one (B43).
 */
export async function versionInSpoke(
  client: SSMClient,
  { name, hash }: CommandIntent['document'],
): Promise<string | undefined> {
  const { Document } = await client.send(new DescribeDocumentCommand({ Name: name }))
  return Document?.Hash === hash ? Document.DocumentVersion : undefined
}
