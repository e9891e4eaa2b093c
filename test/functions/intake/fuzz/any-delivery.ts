/** Generated findings in what brings them: events of the queue, and files of every form that an import reads. */
import fc from 'fast-check'
import { type AnyRecord, anyRecord } from './any-records.ts'

export const hubAccount = '999988887777'

export interface Delivery {
  readonly door: 'queue' | 'file'
  readonly text: string
  /** Each record as it would come alone, by the same door. */
  readonly alone: readonly string[]
  /** The text is cut off, so that what is behind the cut cannot be told apart. */
  readonly isCut: boolean
}

const json = (value: unknown) => JSON.stringify(value) ?? 'null'

/** Names that JavaScript gives a meaning to, in the place of one that we read. */
const names = ['findingArn', 'resources', 'Resources', 'updatedAt', 'vulnerabilities', 'type', 'cloud', 'AwsAccountId']
const renamed = fc.oneof(
  { weight: 60, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...names), fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty')),
  },
)
const record = fc.tuple(anyRecord, renamed).map(([any, names]): AnyRecord => {
  if (!names) return any
  return { ...any, record: JSON.parse(json(any.record).replace(`"${names[0]}"`, `"${names[1]}"`)) }
})

const kinds = {
  inspector: { source: 'aws.inspector2', 'detail-type': 'Inspector2 Finding' },
  asff: { source: 'aws.securityhub', 'detail-type': 'Security Hub Findings - Imported' },
  ocsf: { source: 'aws.securityhub', 'detail-type': 'Findings Imported V2' },
} as const

/** A scanner's own event carries findings of one format. */
const scannerEvent = fc
  .tuple(fc.array(record, { minLength: 1, maxLength: 4 }), fc.nat(400))
  .map(([records, chance]) => {
    const [first, ...others] = records
    const format = first?.format ?? 'inspector'
    const carried = format === 'inspector' ? [first] : [first, ...others.filter((each) => each.format === format)]
    const head = {
      version: '0',
      ...kinds[format],
      ...(chance === 0 ? { source: 'my.app' } : {}),
      account: first?.account,
      time: '2026-03-02T09:00:05Z',
      region: 'eu-west-1',
    }
    const event = (parts: readonly (AnyRecord | undefined)[]) => {
      const details = parts.map((part) => part?.record)
      return json({ ...head, detail: format === 'inspector' ? details[0] : { findings: details } })
    }
    return { text: event(carried), alone: carried.map((each) => event([each])) }
  })

const importEvent = fc.array(record, { minLength: 1, maxLength: 8 }).map((records) => {
  const head = { source: 'drydock.import', 'detail-type': 'Drydock Findings Imported', account: hubAccount }
  const event = (parts: readonly AnyRecord[]) =>
    json({ ...head, detail: { findings: parts.map((each) => each.record) } })
  return { text: event(records), alone: records.map((each) => event([each])) }
})

const forms: readonly ((texts: readonly string[]) => string)[] = [
  (texts) => `[${texts.join(',')}]`,
  (texts) => `{"findings":[${texts.join(',')}],"nextToken":"x"}`,
  (texts) => `{"Findings": [ ${texts.join(' ,\r\n')} ] }`,
  (texts) => texts.join('\n'),
  (texts) => `\ufeff${texts.join('\r\n')}\r\n`,
  (texts) => texts.join(''),
  (texts) => `{"Messages":[${texts.map((text) => json({ Body: text })).join(',')}]}`,
]

const file = fc
  .tuple(fc.array(record, { minLength: 1, maxLength: 8 }), fc.constantFrom(...forms))
  .map(([records, form]) => {
    const alone = records.map((each) => json(each.record))
    return { text: form(alone), alone }
  })

const cut = fc.oneof(
  { weight: 150, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) },
)

const through = (door: Delivery['door'], texts: fc.Arbitrary<{ text: string; alone: readonly string[] }>) =>
  fc.tuple(texts, cut).map(
    ([{ text, alone }, cutOff]): Delivery => ({
      door,
      text: cutOff === 0 ? text : text.slice(0, Math.max(1, text.trimEnd().length - cutOff)),
      alone,
      isCut: cutOff > 0,
    }),
  )

export const anyDelivery: fc.Arbitrary<Delivery> = fc.oneof(
  through('queue', scannerEvent),
  { weight: 2, arbitrary: through('queue', importEvent) },
  through('file', file),
)
