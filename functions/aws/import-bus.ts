/** Imports by EventBridge: what a person imports takes the same path as a scanner's event. */

import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { importDetailType, importSource } from '../intake/index.ts'
import { counted } from '../kit/display-text.ts'
import { DrydockError } from '../kit/errors.ts'
import { clientSettings } from './runtime.ts'

/**
 * PutEvents takes 10 entries and 256 KiB,
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const entriesMax = 10
const bytesMax = 256 * 1024 - 4096
const triesMax = 5

export interface ImportBus {
  /**
   * Puts import events on the default bus of the hub's account.
   *
   * @param details of import events, each JSON within `detailBytesMax`.
   * @throws DrydockError DD2302 when the bus still refuses one after five tries.
   */
  publish(details: readonly string[]): Promise<void>
}

export function eventBridgeImports(client = new EventBridgeClient(clientSettings)): ImportBus {
  return {
    async publish(details) {
      const entries = details.map((Detail) => ({ Source: importSource, DetailType: importDetailType, Detail }))
      for (const batch of batchesOf(entries)) await put(client, batch)
    },
  }
}

function batchesOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const batches: PutEventsRequestEntry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Detail ?? '') + 64
    const last = batches.at(-1)
    if (last && last.length < entriesMax && bytes + size <= bytesMax) last.push(entry)
    else {
      batches.push([entry])
      bytes = 0
    }
    bytes += size
  }
  return batches
}

/** The call may succeed while single entries fail; those are sent again. */
async function put(client: EventBridgeClient, batch: readonly PutEventsRequestEntry[]): Promise<void> {
  let left = [...batch]
  let reason = ''
  for (let tries = 0; tries < triesMax; tries++) {
    if (tries > 0) await new Promise((done) => setTimeout(done, 100 * 2 ** tries))
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: left }))
    reason = Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorMessage ?? reason
    left = left.filter((_, index) => Entries[index]?.ErrorCode !== undefined)
    if (left.length === 0) return
  }
  throw new DrydockError(
    'DD2302',
    `the bus refused ${counted(left.length, 'event')} ${triesMax} times: ${reason}; import again`,
  )
}
