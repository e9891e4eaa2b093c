import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Finding } from '../../../functions/finding/finding.ts'
import type { NormalisedItem } from '../../../functions/intake/finish-draft.ts'
import { normaliseDocument } from '../../../functions/intake/normalise.ts'
import { runs } from '../../runs.ts'
import { describeTally, fuzz } from './fuzz/run.ts'
import { context, fixture, imported } from './intake-fixtures.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what must not be there.
const shellCharacters = /[;&|`$(){}<>\\'"!*?[\]#\n\r\t\u0000]|^-/

function checkItems(items: readonly NormalisedItem[]) {
  for (const item of items) {
    if ('refused' in item) {
      expect(item.detail).not.toBe('')
      continue
    }
    expect(Finding.safeParse(item.finding).success).toBe(true)
    const { packages, resource, route } = item.finding
    for (const entry of packages.filter(({ isPatchable }) => isPatchable)) {
      for (const text of [entry.name, entry.installedVersion, entry.fixedVersion ?? '']) {
        expect(text).not.toMatch(shellCharacters)
      }
    }
    if (route === 'patch') expect(resource.id).toMatch(/^(i|mi)-([0-9a-f]{8}|[0-9a-f]{17})$/)
  }
}

const seeds = [
  'findings/inspector-event-ec2.json',
  'findings/inspector-event-ec2-rpm.json',
  'findings/inspector-event-network.json',
  'findings/inspector-event-code.json',
  'findings/asff-event.json',
  'findings/ocsf-event.json',
  'findings/listfindings-export.json',
]

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    'foo; curl x|sh',
    '$(id)',
    '`id`',
    '\u202e',
    '__proto__',
    'N/A',
    '',
    '1e400',
    'i-; rm',
    '0:1',
    '-x',
    'a\nb',
  ),
  fc.constantFrom<unknown>(null, [], {}, -1, 2 ** 53, Number.MAX_VALUE, true, [[[]]], { length: 3 }),
)

/** Every place in a document, as a path of keys. */
function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  return [[...path], ...Object.entries(value).flatMap(([key, child]) => placesOf(child, [...path, key]))]
}

function withValue(document: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined || typeof document !== 'object' || document === null) return value
  const copy = structuredClone(document)
  const child: unknown = Reflect.get(copy, key)
  Reflect.set(copy, key, withValue(child, rest, value))
  return copy
}

describe('3.8 normaliseDocument, fuzzed', () => {
  it('never throws on any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (document) => checkItems(normaliseDocument(document, context))))
  })

  it('never throws on records that only have the right names', () => {
    const names = [
      'detail-type',
      'detail',
      'source',
      'findings',
      'findingArn',
      'type',
      'Vulnerabilities',
      'Resources',
      'ProductArn',
      'class_uid',
      'finding_info',
      'resources',
      'vulnerabilities',
      'packageVulnerabilityDetails',
      'updatedAt',
      'awsAccountId',
    ]
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(
          'Inspector2 Finding',
          'aws.inspector2',
          2002,
          'PACKAGE_VULNERABILITY',
          '444455556666',
          null,
        ),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 6 }),
      ),
    }))
    fc.assert(fc.property(tree, (document) => checkItems(normaliseDocument(document, context))))
  })

  it.each(seeds)('B1 B2 B3 never throws on a mutated %s, and nothing patchable has a shell character', (path) => {
    const document = fixture(path)
    const places = placesOf(document)
    const mutations = fc.array(fc.tuple(fc.constantFrom(...places), nasty), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(mutations, (changes) => {
        const mutated = changes.reduce<unknown>((each, [place, value]) => withValue(each, place, value), document)
        checkItems(normaliseDocument(mutated, context))
      }),
    )
  })

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => checkItems(imported(text).items)))
  })
})

describe('3.8 B1 B2 B3 B11 generated findings, from delivery to the parameter of a command', () => {
  // `npm run fuzz` follows 1,000,000.
  const count = runs(3_000)

  it(`${count} of them: none is lost, nothing is thrown, no shell character reaches a parameter`, async () => {
    const tally = await fuzz(count, 20_261_125)
    const refused = [...tally.refused.values()].reduce((sum, count) => sum + count, 0)
    expect(tally.recorded + tally.merged + refused).toBe(tally.items)
    expect(tally.records).toBeGreaterThanOrEqual(count)
    // The run is worth nothing where everything is refused, or nothing is.
    expect(tally.recorded, describeTally(tally)).toBeGreaterThan(0.4 * count)
    expect(tally.merged).toBeGreaterThan(0.05 * count)
    expect(tally.parameters).toBeGreaterThan(0.05 * count)
    expect(tally.refused.size).toBeGreaterThan(7)
  }, 240_000)
})
