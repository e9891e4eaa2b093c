/** Takes one message of the intake queue: findings are recorded, everything else is refused with a reason. */
import { quoted } from '../finding/index.ts'
import type { Metrics } from '../kit/ports.ts'
import { isFields, own, textOf } from './fields.ts'
import type { NormaliseContext } from './finish-draft.ts'
import { findingSources, normaliseDocument } from './normalise.ts'
import { type Refusals, refusedBodyMax } from './ports.ts'
import { type Recorded, type RecordFindingPorts, recordFinding } from './record-finding.ts'
import { type Refusal, refuse } from './refusals.ts'

/** What intake needs from outside. */
export interface ReceivePorts extends RecordFindingPorts {
  readonly refusals: Refusals
  readonly metrics: Metrics
  readonly digest: NormaliseContext['digest']
  /** Accounts whose events may carry other accounts' findings. */
  readonly aggregators?: readonly string[]
}

/** What became of the findings of one message. */
export interface Received {
  readonly recorded: readonly Exclude<Recorded, Refusal>[]
  readonly refused: readonly Refusal[]
}

/** The most that SQS delivers in one message. */
const bodyMax = 1024 * 1024

/**
 * Records the findings of one message. Refused input goes to the refusals queue and is not redelivered; a fault throws,
 * so that the message is redelivered (F4, F6).
 *
 * @param body an EventBridge event as JSON.
 */
export async function receiveFindings(body: string, ports: ReceivePorts): Promise<Received> {
  const { clock, digest, aggregators = [] } = ports
  const event = eventOf(body, ports.account)
  const items =
    'refused' in event ? [event] : normaliseDocument(event.event, { nowMs: clock.nowMs(), digest, aggregators })
  const recorded: Exclude<Recorded, Refusal>[] = []
  const refused: Refusal[] = []
  for (const item of items) {
    const result = 'refused' in item ? item : await recordFinding(item.finding, ports)
    if ('refused' in result) refused.push(result)
    else recorded.push(result)
  }
  for (const refusal of refused) await putAside(refusal, body, ports)
  return { recorded, refused }
}

/** One message of the intake queue. */
export const run = (body: string, ports: ReceivePorts): Promise<Received> => receiveFindings(body, ports)

function eventOf(body: string, hubAccount: string): { readonly event: unknown } | Refusal {
  if (body.length > bodyMax) return refuse('TOO_LARGE', '$', `${body.length} characters in one message`)
  if (body.trim() === '') return refuse('EMPTY', '$', 'an empty message')
  let event: unknown
  try {
    event = JSON.parse(body)
  } catch {
    return refuse('NOT_JSON', '$', 'the message is not JSON; expected an EventBridge event')
  }
  if (!isFields(event) || own(event, 'detail-type') === undefined)
    return refuse('UNKNOWN_FORMAT', '$', 'expected an EventBridge event with source, detail-type and detail')
  return foreignSource(event, hubAccount) ?? { event }
}

/** The bus policy keeps strangers out; this is the second check (B17). */
function foreignSource(event: unknown, hubAccount: string): Refusal | undefined {
  const source = textOf(own(event, 'source')) ?? ''
  if (!findingSources.some((known) => known === source))
    return refuse('FOREIGN_SOURCE', '$.source', `source ${quoted(source)}; expected ${findingSources.join(', ')}`)
  const account = textOf(own(event, 'account'))
  if (source !== 'drydock.import' || account === hubAccount) return undefined
  return refuse(
    'FOREIGN_SOURCE',
    '$.account',
    `an import from account ${quoted(account ?? '')}; only ${hubAccount} may import`,
  )
}

async function putAside({ refused, detail, at }: Refusal, body: string, { refusals, metrics }: ReceivePorts) {
  await refusals.put({ reason: refused, detail: `${at}: ${detail}`, body: body.slice(0, refusedBodyMax) })
  metrics.count('FindingsRefused')
  if (refused === 'FOREIGN_ACCOUNT') metrics.count('FindingsForeignAccount')
}
