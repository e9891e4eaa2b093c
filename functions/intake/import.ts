/**
 * Reads a file of findings: JSON, a JSON list, JSON Lines, concatenated JSON, or any of these in queue and topic
 * envelopes.
 */
import { firstText, isFields, own, textOf } from './fields.ts'
import type { NormaliseContext, NormalisedItem } from './finish-draft.ts'
import { detailBytesMax, importDetails, recordsIn } from './import-event.ts'
import { jsonValues, parseJson, type ReadValue } from './json-values.ts'
import { isRecord, normaliseDocument } from './normalise.ts'
import { sizeRefusal } from './record-finding.ts'
import { refuse } from './refusals.ts'

const charactersMax = 256 * 1024 * 1024
const valuesMax = 100_000

/** The findings of a text, in the order of the file, and a refusal for everything else. Never throws. */
export function importText(text: string, context: NormaliseContext): readonly NormalisedItem[] {
  const values = valuesIn(text)
  return 'refused' in values ? [values] : values.flatMap((value) => importedItems(value, context))
}

/** The findings of an export file, and the events that carry them to intake. */
export interface ImportedFile {
  readonly items: readonly NormalisedItem[]
  /** Details of import events with every record that has a finding. */
  readonly details: readonly string[]
}

/** Reads a file and packs its findings for intake. A record too large for an event is refused, not sent. */
export function importFile(text: string, context: NormaliseContext): ImportedFile {
  const items = importText(text, context)
  const values = valuesIn(text)
  if ('refused' in values || !items.some((item) => 'finding' in item)) return { items, details: [] }
  const findingIds = (record: unknown) =>
    normaliseDocument(record, context).flatMap((item) => ('finding' in item ? [item.finding.findingId] : []))
  const records = values.flatMap((read) => ('value' in read ? recordsIn(unwrapped(read.value)) : []))
  const { details, tooLarge } = importDetails(records.filter((record) => findingIds(record).length > 0))
  const unsent = new Set(tooLarge.flatMap(findingIds))
  return { items: items.map((item) => tooLargeOf(item, unsent)), details }
}

function tooLargeOf(item: NormalisedItem, unsent: ReadonlySet<string>): NormalisedItem {
  if ('refused' in item) return item
  const { findingId } = item.finding
  const why = sizeRefusal(item.finding)
  if (why) return { ...why, at: findingId }
  return unsent.has(findingId)
    ? refuse('TOO_LARGE', findingId, `more than ${detailBytesMax} bytes in one record; no event carries it`)
    : item
}

function valuesIn(text: string) {
  if (text.length > charactersMax)
    return refuse('TOO_LARGE', '$', `${text.length} characters; at most ${charactersMax} are read, split the file`)
  const body = text.replace(/^\ufeff/, '').trim()
  return body === '' ? refuse('EMPTY', '$', 'an empty file') : jsonValues(body, valuesMax)
}

function importedItems(read: ReadValue, context: NormaliseContext): readonly NormalisedItem[] {
  const place = (item: NormalisedItem) => ('refused' in item ? { ...item, at: `${read.at ?? ''}${item.at}` } : item)
  if ('problem' in read) return [place(refuse(read.tooMany ? 'TOO_LARGE' : 'NOT_JSON', '$', read.problem))]
  return normaliseDocument(unwrapped(read.value), context).map(place)
}

/** Unwraps the envelopes of SQS, SNS and CloudWatch Logs. */
function unwrapped(value: unknown, wrappersLeft = 6): unknown {
  if (wrappersLeft === 0) return value
  if (Array.isArray(value)) return value.map((entry) => unwrapped(entry, wrappersLeft - 1))
  if (!isFields(value) || isRecord(value) || Object.hasOwn(value, 'detail-type')) return value
  const logged = own(value, 'logEvents') ?? own(value, 'events')
  const list = own(value, 'Records') ?? own(value, 'Messages') ?? (isLogged(logged) ? logged : undefined)
  if (Array.isArray(list)) return unwrapped(list, wrappersLeft - 1)
  const names = ['body', 'Body', 'Message', 'message']
  const text = firstText(own(value, 'Sns', 'Message'), ...names.map((name) => own(value, name)))
  const parsed = text === undefined ? undefined : parseJson(text)
  return parsed !== undefined && 'value' in parsed ? unwrapped(parsed.value, wrappersLeft - 1) : value
}

/** Entries of a log, each with its line as text. */
const isLogged = (list: unknown) =>
  Array.isArray(list) && list.some((entry) => textOf(own(entry, 'message')) !== undefined)
