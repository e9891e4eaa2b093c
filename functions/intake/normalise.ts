/**
 * Finds the findings in a document of any shape that scanners and AWS services send, and refuses the rest with a
 * reason.
 */

import { cleanText, quoted } from '../finding/index.ts'
import { asffType, draftFromAsff, isAsff } from './asff.ts'
import type { Envelope } from './draft.ts'
import { excessOf, type Fields, isFields, own, shapeOf, textOf } from './fields.ts'
import { finishDraft, type NormaliseContext, type NormalisedItem } from './finish-draft.ts'
import { draftFromInspector, inspectorType, isInspector } from './inspector.ts'
import { draftFromOcsf, isOcsf, ocsfType } from './ocsf.ts'
import { type Refusal, refuse } from './refusals.ts'

/** Bounds on one record: the size of an EventBridge event, and deeper than any real one. */
const recordLimits = { charactersMax: 256 * 1024, depthMax: 64 }
const wrappersMax = 6
const recordsMax = 100_000

/** The event sources that send findings. */
export const findingSources = ['aws.inspector2', 'aws.securityhub', 'drydock.import'] as const

const findingEvents: Readonly<Record<string, readonly string[]>> = {
  'Inspector2 Finding': ['aws.inspector2'],
  'Security Hub Findings - Imported': ['aws.securityhub'],
  'Security Hub Findings - Custom Action': ['aws.securityhub'],
  'Findings Imported V2': ['aws.securityhub'],
  'Drydock Findings Imported': ['drydock.import'],
}

/** Paths of lists of findings; the last two are ECR's DescribeImageScanFindings. */
export const findingLists = [
  'findings',
  'Findings',
  'events',
  'Events',
  'data',
  'Data',
  'imageScanFindings',
  'enhancedFindings',
] as const

const expected =
  'expected an Inspector2 finding or event, a ListFindings export, ASFF, or an OCSF Vulnerability Finding (2002)'

interface Place {
  readonly at: string
  readonly envelope: Envelope
  readonly isInList: boolean
  readonly wrappers: number
}

/**
 * The findings of a document, in order, and a refusal for everything else. Never throws.
 *
 * Takes a parsed JSON value: an Inspector2 finding (raw, in an EventBridge event, or from ListFindings), ASFF or an
 * OCSF Vulnerability Finding, single, in a list, in `findings`, `Findings` or `events`, or in an EventBridge event.
 */
export function normaliseDocument(document: unknown, context: NormaliseContext): readonly NormalisedItem[] {
  return guarded(document, context, { at: '$', envelope: {}, isInList: false, wrappers: 0 })
}

function guarded(value: unknown, context: NormaliseContext, place: Place): readonly NormalisedItem[] {
  try {
    return normaliseValue(value, context, place)
  } catch (error) {
    // An unforeseen shape is the sender's problem and must not crash intake.
    const why = error instanceof Error ? error.message : String(error)
    return [refuse('UNREADABLE', place.at, cleanText(`not readable: ${why}`, 300).text)]
  }
}

function normaliseValue(value: unknown, context: NormaliseContext, place: Place): readonly NormalisedItem[] {
  const { at } = place
  if (place.wrappers > wrappersMax) return [refuse('TOO_DEEP', at, `more than ${wrappersMax} nested lists`)]
  if (Array.isArray(value)) return normaliseList(value, context, place)
  if (!isFields(value)) return [refuse('UNKNOWN_FORMAT', at, `${shapeOf(value)}; ${expected}`)]
  if (isEvent(value)) return normaliseEvent(value, context, place)
  if (isRecord(value)) return normaliseRecord(value, context, place)
  const listName = findingLists.find((name) => isFields(own(value, name)) || Array.isArray(own(value, name)))
  if (listName === undefined) return [unknownShape(value, at)]
  return guarded(own(value, listName), context, {
    ...place,
    at: `${at}.${listName}`,
    isInList: true,
    wrappers: place.wrappers + 1,
  })
}

function unknownShape(value: unknown, at: string): Refusal {
  const excess = excessOf(value, recordLimits)
  return excess
    ? tooMuch(excess, at)
    : refuse('UNKNOWN_FORMAT', at, `${cleanText(shapeOf(value), 300).text}; ${expected}`)
}

function tooMuch(excess: 'TOO_LARGE' | 'TOO_DEEP', at: string): Refusal {
  const { charactersMax, depthMax } = recordLimits
  return refuse(
    excess,
    at,
    excess === 'TOO_LARGE'
      ? `more than ${charactersMax} characters in one record`
      : `nested more than ${depthMax} deep`,
  )
}

function normaliseList(list: readonly unknown[], context: NormaliseContext, place: Place): readonly NormalisedItem[] {
  const { at } = place
  if (list.length === 0) return [refuse('EMPTY', at, 'an empty list')]
  const items: NormalisedItem[] = []
  for (const [index, entry] of list.slice(0, recordsMax).entries())
    items.push(...guarded(entry, context, { ...place, at: `${at}[${index}]`, wrappers: place.wrappers + 1 }))
  if (list.length > recordsMax)
    items.push(refuse('TOO_LARGE', at, `${list.length} records; the first ${recordsMax} were read, split the file`))
  return items
}

/** Whether a value is one record of a known format, not a list or an event of them. */
export const isRecord = (value: Fields) => isInspector(value) || isAsff(value) || isOcsf(value)

const isEvent = (value: Fields) => Object.hasOwn(value, 'detail-type') && Object.hasOwn(value, 'detail')

function normaliseEvent(event: Fields, context: NormaliseContext, place: Place): readonly NormalisedItem[] {
  const { at } = place
  const detailType = textOf(own(event, 'detail-type')) ?? ''
  const source = textOf(own(event, 'source')) ?? ''
  const sources = Object.hasOwn(findingEvents, detailType) ? findingEvents[detailType] : undefined
  if (!sources)
    return [
      refuse(
        'NOT_A_FINDING',
        `${at}.detail-type`,
        `an event ${quoted(detailType)} of ${quoted(source)} reports no vulnerability`,
      ),
    ]
  if (!sources.includes(source))
    return [
      refuse(
        'FOREIGN_SOURCE',
        `${at}.source`,
        `an event ${quoted(detailType)} from ${quoted(source)}; expected ${sources.join(' or ')}`,
      ),
    ]
  const account = own(event, 'account')
  const isImport = source === 'drydock.import'
  const envelope: Envelope = {
    // An import carries findings of every account; receive-findings lets only the hub itself send one.
    ...(isImport || account === undefined ? {} : { account: { value: account, at: `${at}.account` } }),
    region: own(event, 'region'),
    time: own(event, 'time'),
  }
  return guarded(own(event, 'detail'), context, {
    at: `${at}.detail`,
    envelope,
    isInList: isImport,
    wrappers: place.wrappers + 1,
  })
}

function normaliseRecord(record: Fields, context: NormaliseContext, place: Place): readonly NormalisedItem[] {
  const { at, envelope, isInList } = place
  const excess = excessOf(record, recordLimits)
  if (excess) return [tooMuch(excess, at)]
  if (isInspector(record)) {
    const type = inspectorType(record)
    const format = isInList ? 'listfindings' : 'inspector2'
    return type
      ? finishDraft(draftFromInspector(record, type, format, envelope, at), envelope, context)
      : [noType(record, at)]
  }
  if (isAsff(record)) {
    const type = asffType(record)
    return type
      ? finishDraft(draftFromAsff(record, type, envelope, at), envelope, context)
      : [noVulnerability(own(record, 'Title'), at)]
  }
  const type = ocsfType(record)
  if (type) return finishDraft(draftFromOcsf(record, type, envelope, at), envelope, context)
  return [noVulnerability(own(record, 'class_name') ?? own(record, 'class_uid'), at)]
}

const noType = (record: Fields, at: string) =>
  refuse('UNKNOWN_FORMAT', `${at}.type`, `Inspector type ${quoted(own(record, 'type'))} is not known`)

const noVulnerability = (name: unknown, at: string) =>
  refuse('NOT_A_FINDING', at, `${quoted(name)} reports no vulnerability of a package, a network path or code`)
