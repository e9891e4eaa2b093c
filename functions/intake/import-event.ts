/** The event that carries findings without a scanner's own event to intake: from a file, or pulled from Inspector. */
import { isFields, own } from './fields.ts'
import { findingLists, isRecord } from './normalise.ts'

/** The EventBridge source of findings imported from a file. */
export const importSource = 'drydock.import'
/** The EventBridge detail type of findings imported from a file. */
export const importDetailType = 'Drydock Findings Imported'

/**
 * EventBridge takes 256 KiB an entry, its other fields included,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export const detailBytesMax = 240 * 1024
/** Most records per event, so that one message is a few seconds of work. */
const recordsMax = 25

const bytesOf = (text: string) => new TextEncoder().encode(text).length

export interface ImportDetails {
  /** Details of import events, each JSON of `{findings}` within `detailBytesMax`. */
  readonly details: readonly string[]
  /** Records that fit into no event. */
  readonly tooLarge: readonly unknown[]
}

/** Packs records into as few events as hold them, in order. */
export function importDetails(records: readonly unknown[]): ImportDetails {
  const details: string[] = []
  const tooLarge: unknown[] = []
  let batch: string[] = []
  let bytes = 0
  const close = () => {
    if (batch.length > 0) details.push(`{"findings":[${batch.join(',')}]}`)
    batch = []
    bytes = 0
  }
  for (const record of records) {
    const text = JSON.stringify(record)
    const length = bytesOf(text) + 1
    if (length + 16 > detailBytesMax) {
      tooLarge.push(record)
      continue
    }
    if (batch.length >= recordsMax || bytes + length + 16 > detailBytesMax) close()
    batch.push(text)
    bytes += length
  }
  close()
  return { details, tooLarge }
}

/** The records of a document one by one, out of lists and of events that carry several. */
export function recordsIn(document: unknown, wrappersLeft = 6): readonly unknown[] {
  if (wrappersLeft === 0) return [document]
  if (Array.isArray(document)) return document.flatMap((entry) => recordsIn(entry, wrappersLeft - 1))
  if (!isFields(document) || isRecord(document)) return [document]
  if (Object.hasOwn(document, 'detail-type') && Object.hasOwn(document, 'detail')) {
    const { detail, ...event } = document
    return recordsIn(detail, wrappersLeft - 1).map((record) => ({ ...event, detail: record }))
  }
  const name = findingLists.find((list) => isFields(own(document, list)) || Array.isArray(own(document, list)))
  return name === undefined ? [document] : recordsIn(own(document, name), wrappersLeft - 1)
}
