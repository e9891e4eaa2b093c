/** Checks the resource of a draft: a host by its exact id, everything else by a clean name. */
import { cleanText, type Finding, isHostId, quoted } from '../finding/index.ts'
import type { DraftResource } from './draft.ts'
import { isFields, listOf, own, textOf } from './fields.ts'
import { type Refusal, refuse } from './refusals.ts'

type Resource = Finding['resource']

export interface CheckedResource {
  readonly resource: Resource
  /** The account that the resource's ARN names. */
  readonly account?: string
  readonly flags: readonly string[]
}

/** By the type name without case and punctuation: AWS_EC2_INSTANCE, AwsEc2Instance and AWS::EC2::Instance are one. */
const types: Readonly<Record<string, Resource['type']>> = {
  AWSEC2INSTANCE: 'ec2-instance',
  EC2INSTANCE: 'ec2-instance',
  AWSSSMMANAGEDINSTANCE: 'managed-node',
  AWSSSMMANAGEDINSTANCEINVENTORY: 'managed-node',
  AWSECRCONTAINERIMAGE: 'ecr-image',
  AWSECRREPOSITORY: 'ecr-image',
  AWSECRIMAGE: 'ecr-image',
  AWSLAMBDAFUNCTION: 'lambda-function',
  AWSLAMBDALAYERVERSION: 'lambda-function',
  CODEREPOSITORY: 'code-repository',
  AWSCODEREPOSITORY: 'code-repository',
}

const tagsMax = 200
const hostArn = /^arn:aws[a-z-]{0,12}:(?:ec2|ssm):[a-z0-9-]{1,32}:\d{12}:(?:(?:managed-)?instance\/)?(.+)$/s
const account = /^\d{12}$/

/** A checked resource, or why it is refused (B3). */
export function checkResource(draft: DraftResource): CheckedResource | Refusal {
  const raw = textOf(draft.id)
  if (raw === undefined) return refuse('UNREADABLE', draft.at, 'a resource without an id')
  const hostId = hostArn.exec(raw)?.[1] ?? raw
  const type = typeOf(draft.type, hostId)
  const isHost = type === 'ec2-instance' || type === 'managed-node'
  if (isHost && !isHostId(hostId))
    return refuse(
      'BAD_RESOURCE_ID',
      draft.at,
      `${quoted(raw)} is not an instance id; expected i- or mi- and 8 or 17 hex digits`,
    )
  const id = cleanText(isHost ? hostId : raw, 2048)
  if (id.text !== (isHost ? hostId : raw))
    return refuse('BAD_RESOURCE_ID', draft.at, `resource id ${quoted(raw)} is too long or has unprintable characters`)
  const platform = cleanText(textOf(draft.platform) ?? '', 128)
  const { tags, flags } = tagsOf(draft.tags)
  const arnAccount = raw.startsWith('arn:') ? (raw.split(':', 5)[4] ?? '') : ''
  return {
    resource: { type, id: id.text, ...(platform.text === '' ? {} : { platform: platform.text }), tags },
    ...(account.test(arnAccount) ? { account: arnAccount } : {}),
    flags: [...platform.flags, ...flags],
  }
}

function typeOf(stated: unknown, id: string): Resource['type'] {
  const name =
    textOf(stated)
      ?.toUpperCase()
      .replace(/[^A-Z0-9]/g, '') ?? ''
  const type = Object.hasOwn(types, name) ? types[name] : undefined
  if (type === 'ec2-instance' && id.startsWith('mi-')) return 'managed-node'
  if (type !== undefined) return type
  if (!isHostId(id)) return 'other'
  return id.startsWith('mi-') ? 'managed-node' : 'ec2-instance'
}

/** Tags as set: never interpolated, only cut and stripped (B5, B11). */
function tagsOf(stated: unknown): { tags: Record<string, string>; flags: string[] } {
  const pairs: readonly (readonly [unknown, unknown])[] = isFields(stated)
    ? Object.entries(stated)
    : listOf(stated).map((tag) => [
        own(tag, 'key') ?? own(tag, 'Key') ?? own(tag, 'name'),
        own(tag, 'value') ?? own(tag, 'Value'),
      ])
  const flags = pairs.length > tagsMax ? ['tags-cut'] : []
  const tags = new Map<string, string>()
  for (const [rawName, rawValue] of pairs.slice(0, tagsMax)) {
    const name = cleanText(textOf(rawName) ?? '', 128)
    const value = cleanText(textOf(rawValue) ?? '', 256)
    if (name.text === '' || name.text === '__proto__') continue
    tags.set(name.text, value.text)
    flags.push(...name.flags, ...value.flags)
  }
  return { tags: Object.fromEntries(tags), flags }
}
