import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FindingRecord } from '../../../functions/finding/finding.ts'
import { importFile } from '../../../functions/intake/import.ts'
import { jsonValues } from '../../../functions/intake/json-values.ts'
import { run as receive } from '../../../functions/intake/receive-findings.ts'
import { lists } from '../../../functions/kit/keys.ts'
import { sharedSamples } from '../../shared-samples.ts'
import { changed, context, fixture, memoryPorts } from './intake-fixtures.ts'

const ec2 = fixture('findings/inspector-event-ec2.json')
const asff = Object(fixture('findings/asff-event.json'))
const ocsf = Object(fixture('findings/ocsf-event.json')).detail.findings[0]
const exported = Object(fixture('findings/listfindings-export.json'))
const text = (value: unknown) => JSON.stringify(value)
const copies = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const [one] = asff.detail.findings
    const Vulnerabilities = [{ ...one.Vulnerabilities[0], Id: `CVE-2026-${10_000 + index}` }]
    return { ...one, Id: `finding-${index}`, Vulnerabilities }
  })
const shellName = changed(
  'findings/inspector-event-ec2.json',
  'detail.packageVulnerabilityDetails.vulnerablePackages.0.name',
  'foo; curl x|sh',
)

/** What intake records and puts aside of what an import sends. */
async function takenIn(details: readonly string[]) {
  const ports = memoryPorts()
  const head = { 'detail-type': 'Drydock Findings Imported', source: 'drydock.import', account: ports.account }
  for (const detail of details) await receive(text({ ...head, detail: JSON.parse(detail) }), ports)
  const recorded = await ports.ledger.list(FindingRecord, lists.findings)
  return { recorded: recorded.map(({ value }) => value.findingId).sort(), refused: ports.refusals.kept }
}
const tried = (document: string) => {
  const { items, details } = importFile(document, context)
  const findingIds = items.flatMap((item) => ('finding' in item ? [item.finding.findingId] : []))
  return { findingIds: [...new Set(findingIds)].sort(), refused: items.filter((item) => 'refused' in item), details }
}

describe('3.8 importFile', () => {
  it.each([
    ['an event', text(ec2), 1],
    ['an event of a code finding', text(fixture('findings/inspector-event-code.json')), 1],
    ['an event of a Lambda finding', text(fixture('findings/inspector-event-lambda.json')), 1],
    ['an event of a network finding', text(fixture('findings/inspector-event-network.json')), 1],
    ['an ASFF event with several', text({ ...asff, detail: { findings: copies(3) } }), 3],
    ['an ASFF custom action', text({ ...asff, 'detail-type': 'Security Hub Findings - Custom Action' }), 1],
    ['BatchImportFindings', text({ Findings: copies(2) }), 2],
    ['a page of GetFindings', text({ Findings: copies(2), NextToken: 'x' }), 2],
    ['a page of ListFindings', text({ ...exported, nextToken: 'x' }), 2],
    ['an OCSF list', text([ocsf]), 1],
    ['lists in lists', text([[exported], [ec2]]), 2],
    ['JSON Lines of events with CRLF', `${text(ec2)}\r\n${text(asff)}\r\n`, 1],
    ['events without anything between, as Firehose writes them', `${text(ec2)}${text(exported)}`, 2],
    ['indented documents one after the other', JSON.stringify(ec2, null, 2) + JSON.stringify(exported, null, 2), 2],
    ['a JSON text sequence', `\u001e${text(ec2)}\n\u001e${text(exported)}\n`, 2],
    ['lines with commas', `${text(ec2)},\n${text(exported)}`, 2],
    ['messages of ReceiveMessage', text({ Messages: [{ MessageId: '1', Body: text(ec2) }] }), 1],
    ['records of a queue', text({ Records: [{ messageId: '1', body: text(ec2) }] }), 1],
    ['a notification of a topic', text({ Type: 'Notification', Message: text(ec2) }), 1],
    ['records of a topic', text({ Records: [{ EventSource: 'aws:sns', Sns: { Message: text(ec2) } }] }), 1],
    ['a notification in a message', text({ Messages: [{ Body: text({ Message: text(ec2) }) }] }), 1],
  ])('reads %s, and intake takes in exactly what was shown', async (_, document, count) => {
    const { findingIds, refused, details } = tried(document)
    expect([findingIds.length, refused]).toEqual([count, []])
    expect(await takenIn(details)).toEqual({ recorded: findingIds, refused: [] })
  })

  it.each([
    ['a truncated file', text(exported).slice(0, -3), 'NOT_JSON'],
    ['a second document that is truncated', text(ec2) + text(asff).slice(0, -3), 'NOT_JSON'],
    ['words after a document', `${text(ec2)} and more`, 'NOT_JSON'],
    ['a queue record that carries no JSON', text({ Records: [{ messageId: '1', body: 'hello' }] }), 'UNKNOWN_FORMAT'],
    ['SARIF', text({ version: '2.1.0', runs: [] }), 'UNKNOWN_FORMAT'],
    ['CycloneDX', text({ bomFormat: 'CycloneDX', vulnerabilities: [] }), 'UNKNOWN_FORMAT'],
    ['B1 a line of shell as package', text(shellName), 'BAD_PACKAGE_NAME'],
    ['B16 an ARN of another account', text({ ...Object(ec2), account: '111122223333' }), 'FOREIGN_ACCOUNT'],
  ])('refuses %s with the reason, and sends nothing of it', (_, document, reason) => {
    const { refused, details } = tried(document)
    expect(refused).toMatchObject([{ refused: reason }])
    expect(details.join()).not.toContain('curl x')
  })

  it('B18 refuses a finding that no event carries, and sends its neighbours', async () => {
    const [one] = copies(1)
    const Vulnerabilities = [{ ...one.Vulnerabilities[0], Id: 'CVE-2026-9999' }]
    const large = { ...one, Id: 'large', Vulnerabilities, Description: 'ä'.repeat(130_000) }
    const { refused, details, findingIds } = tried(text({ Findings: [...copies(2), large] }))
    expect(refused).toMatchObject([{ refused: 'TOO_LARGE' }])
    expect((await takenIn(details)).recorded).toEqual(findingIds)
  })

  it('B18 refuses a record over 256 KiB of text where it stands', () => {
    const [one] = copies(1)
    const { refused } = tried(text({ Findings: [{ ...one, Description: 'x'.repeat(300_000) }] }))
    expect(refused).toMatchObject([{ refused: 'TOO_LARGE', at: '$.Findings[0]' }])
  })

  it('packs a thousand findings into events that the bus takes', async () => {
    const { findingIds, details } = tried(text({ Findings: copies(1000) }))
    expect(findingIds).toHaveLength(1000)
    for (const detail of details) expect(Buffer.byteLength(detail)).toBeLessThan(250_000)
    expect((await takenIn(details)).recorded).toEqual(findingIds)
  })
})

describe.skipIf(!sharedSamples)('3.8 real payloads (they stand beside the repository, in ../shared)', () => {
  it.each(sharedSamples ? readdirSync(sharedSamples) : [])(
    'the sample %s passes or is refused with a reason',
    async (name) => {
      const { items, details } = importFile(readFileSync(`${sharedSamples}/${name}`, 'utf8'), context)
      expect(items.length).toBeGreaterThan(0)
      for (const item of items) if ('refused' in item) expect(item.detail).not.toBe('')
      const { recorded, refused } = await takenIn(details)
      const shown = items.flatMap((item) => ('finding' in item ? [item.finding.findingId] : []))
      expect([recorded, refused]).toEqual([[...new Set(shown)].sort(), []])
    },
  )
})

describe('B19 jsonValues', () => {
  it('finds documents however they stand one after the other', () => {
    const document = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))
    const separator = fc.constantFrom('', ' ', '\n', '\r\n', ',\n', '\u001e')
    fc.assert(
      fc.property(fc.array(fc.tuple(document, separator), { minLength: 2, maxLength: 6 }), (parts) => {
        const joined = parts.map(([value, after]) => JSON.stringify(value) + after).join('')
        const values = jsonValues(joined, 100).map((read) => ('value' in read ? JSON.stringify(read.value) : read))
        expect(values).toEqual(parts.map(([value]) => JSON.stringify(value)))
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('never throws, and reads no further than it may', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\\\', ',', '\n', '1', ' ') }),
        (noise) => {
          expect(jsonValues(noise, 3).length).toBeLessThanOrEqual(4)
        },
      ),
      { seed: 7, numRuns: 500 },
    )
    expect(jsonValues('[]'.repeat(5), 3)).toHaveLength(4)
    expect(jsonValues('[]\n'.repeat(5), 3).at(-1)).toMatchObject({ tooMany: true })
  })
})
