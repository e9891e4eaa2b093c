import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Finding } from '../../../functions/finding/finding.ts'
import { mergeFinding } from '../../../functions/finding/merge.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { runs } from '../../runs.ts'
import { anyCopy, anyFinding } from './any-finding.ts'

const at = (second: number) => `2026-03-02T09:00:${String(second).padStart(2, '0')}.000Z`
const mergeAll = (findings: readonly Finding[]) =>
  findings.reduce<Finding | undefined>((known, incoming) => mergeFinding(known, incoming).finding, undefined)

const openssl = { name: 'openssl', installedVersion: '3.0.2-1', manager: 'OS', isPatchable: true } as const

describe('3.8 mergeFinding', () => {
  it('takes the first copy as it is', () => {
    const finding = anyFinding()
    expect(mergeFinding(undefined, finding)).toEqual({ finding, changed: true, because: 'new' })
  })

  it('F1 changes nothing for a copy that is known already', () => {
    const finding = anyFinding()
    expect(mergeFinding(finding, anyFinding())).toEqual({ finding, changed: false, because: 'same' })
  })

  it('F2 keeps a closed finding closed when an older active copy arrives late', () => {
    const closed = anyFinding({ status: 'closed', updatedAt: at(5) })
    const merged = mergeFinding(closed, anyFinding({ updatedAt: at(1) }))
    expect(merged).toMatchObject({ changed: false, because: 'older', finding: { status: 'closed' } })
  })

  it.each([
    ['closed', 'closed'],
    ['suppressed', 'suppressed'],
  ] as const)('a newer %s copy moves the finding', (status, because) => {
    const merged = mergeFinding(anyFinding({ updatedAt: at(1) }), anyFinding({ status, updatedAt: at(2) }))
    expect(merged).toMatchObject({ changed: true, because, finding: { status } })
  })

  it('opens again when a newer active copy arrives', () => {
    const merged = mergeFinding(anyFinding({ status: 'closed', updatedAt: at(1) }), anyFinding({ updatedAt: at(2) }))
    expect(merged).toMatchObject({ changed: true, because: 'reopened', finding: { status: 'active' } })
  })

  it('closes where two copies of the same instant disagree, whichever came first', () => {
    const active = anyCopy('inspector2')
    const closed = anyCopy('asff', { status: 'closed' })
    expect([mergeAll([active, closed])?.status, mergeAll([closed, active])?.status]).toEqual(['closed', 'closed'])
  })

  it('records a copy in another format that says nothing new', () => {
    const merged = mergeFinding(anyFinding(), anyCopy('asff'))
    expect(merged).toMatchObject({ changed: true, because: 'new-copy' })
    expect(merged.finding.copies.map(({ format }) => format)).toEqual(['inspector2', 'asff'])
  })
})

describe('3.8 mergeFinding, facts of several copies', () => {
  it('a newer copy of a poorer format does not blank out what a richer one said', () => {
    const rich = anyFinding({ epss: 0.4, isExploitAvailable: true, description: 'Long.', updatedAt: at(1) })
    const poor = anyCopy('ocsf', {
      updatedAt: at(2),
      title: '',
      packages: [{ ...openssl, manager: 'UNKNOWN', isPatchable: false }],
    })
    const { finding } = mergeFinding(rich, poor)
    expect(finding).toMatchObject({ epss: 0.4, isExploitAvailable: true, description: 'Long.', updatedAt: at(2) })
    expect(finding).toMatchObject({ title: rich.title, packages: rich.packages, route: 'patch' })
  })

  it('at equal time shows the details of the Inspector event, then ListFindings, ASFF and OCSF', () => {
    const titles = (['ocsf', 'asff', 'listfindings', 'inspector2'] as const).map((format) =>
      anyCopy(format, { title: format }),
    )
    expect([4, 3, 2, 1].map((count) => mergeAll(titles.slice(0, count))?.title)).toEqual([
      'inspector2',
      'listfindings',
      'asff',
      'ocsf',
    ])
  })

  it('unites the packages of all formats', () => {
    const { finding } = mergeFinding(
      anyFinding({ packages: [openssl] }),
      anyCopy('asff', {
        packages: [
          { ...openssl, fixedVersion: '3.0.2-2' },
          { ...openssl, name: 'libssl3' },
        ],
      }),
    )
    expect(finding.packages).toEqual([
      { ...openssl, fixedVersion: '3.0.2-2' },
      { ...openssl, name: 'libssl3' },
    ])
  })

  it.each([
    ['UNKNOWN', 'OS'],
    ['OS', 'UNKNOWN'],
  ])('B2 a version that only a copy with manager %s states never joins a package checked as %s', (first, second) => {
    const copies = [first, second].map((manager, index) =>
      anyCopy(index === 0 ? 'ocsf' : 'asff', {
        updatedAt: at(index),
        packages: [manager === 'OS' ? openssl : { ...openssl, manager, isPatchable: false, fixedVersion: '1; reboot' }],
      }),
    )
    expect(mergeAll(copies)?.packages).toEqual([openssl])
  })

  it('patches no host that another copy says is updated as an image', () => {
    const bottlerocket = anyFinding({ resource: { ...anyFinding().resource, platform: 'BOTTLEROCKET' } })
    const { platform: _, ...resource } = anyFinding().resource
    const merged = mergeFinding(bottlerocket, anyCopy('ocsf', { resource, updatedAt: at(30) })).finding
    expect([merged.route, merged.packages.map(({ isPatchable }) => isPatchable)]).toEqual(['image-rebuild', [false]])
  })

  it('drops a package that a newer copy of the same format names no more', () => {
    const before = anyFinding({ packages: [openssl, { ...openssl, name: 'libssl3' }], updatedAt: at(1) })
    expect(mergeFinding(before, anyFinding({ packages: [openssl], updatedAt: at(2) })).finding.packages).toEqual([
      openssl,
    ])
  })

  it('B14 never lets another copy lower a severity that Inspector has not triaged', () => {
    const untriaged = anyFinding({ severity: 'unknown' })
    expect(mergeFinding(untriaged, anyCopy('asff', { severity: 'informational' })).finding.severity).toBe('unknown')
    expect(mergeFinding(untriaged, anyCopy('asff', { severity: 'high' })).finding.severity).toBe('high')
  })

  it('gives a finding that the ledger can read back', () => {
    const merged = mergeAll([
      anyCopy('asff', { epss: 0.1 }),
      anyFinding({ updatedAt: at(9) }),
      anyCopy('ocsf', { title: 'Other' }),
    ])
    expect(Finding.parse(JSON.parse(canonicalJson(merged)))).toEqual(merged)
  })
})

const copy = fc
  .record({
    format: fc.constantFrom('inspector2', 'listfindings', 'asff', 'ocsf'),
    second: fc.integer({ min: 0, max: 3 }),
    status: fc.constantFrom('active', 'closed', 'suppressed'),
    severity: fc.constantFrom('unknown', 'low', 'high'),
    title: fc.constantFrom('', 'A', 'B'),
    epss: fc.option(fc.constantFrom(0.1, 0.2), { nil: undefined }),
    vulnerabilityId: fc.option(fc.constantFrom('CVE-2026-1', 'GHSA-x'), { nil: undefined }),
    tags: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')),
    flags: fc.subarray(['x', 'y']),
    packages: fc.uniqueArray(
      fc.record(
        {
          name: fc.constantFrom('openssl', 'bash'),
          installedVersion: fc.constantFrom('1', '2'),
          fixedVersion: fc.constantFrom('3', '4'),
          filePath: fc.constantFrom('/a', '/b'),
          manager: fc.constantFrom('OS', 'UNKNOWN'),
          isPatchable: fc.boolean(),
        },
        { requiredKeys: ['name', 'installedVersion', 'manager', 'isPatchable'] },
      ),
      { maxLength: 3, selector: (entry) => canonicalJson(entry) },
    ),
  })
  .map(({ format, second, tags, epss, vulnerabilityId, ...over }) => {
    const { vulnerabilityId: _, ...finding } = anyCopy(format, { ...over, updatedAt: at(second) })
    return Finding.parse({
      ...finding,
      resource: { ...finding.resource, tags },
      ...(epss === undefined ? {} : { epss }),
      ...(vulnerabilityId === undefined ? {} : { vulnerabilityId }),
    })
  })

describe('3.8 mergeFinding, any order', () => {
  it('F1 F2 gives the same finding for every permutation with repeats', () => {
    const arrivals = fc.array(copy, { minLength: 1, maxLength: 6 }).chain((copies) =>
      fc.tuple(
        fc.constant(copies),
        fc
          .array(fc.constantFrom(...copies), { maxLength: 6 })
          .chain((repeats) =>
            fc.shuffledSubarray([...copies, ...repeats], { minLength: copies.length + repeats.length }),
          ),
      ),
    )
    fc.assert(
      fc.property(arrivals, ([inOrder, shuffled]) => {
        expect(canonicalJson(mergeAll(shuffled))).toBe(canonicalJson(mergeAll(inOrder)))
      }),
      { numRuns: runs(150) },
    )
  })

  it('F1 never changes a finding by a copy that it has merged', () => {
    fc.assert(
      fc.property(fc.array(copy, { minLength: 1, maxLength: 5 }), (copies) => {
        const merged = mergeAll(copies)
        for (const each of copies) expect(mergeFinding(merged, each).changed).toBe(false)
      }),
    )
  })
})
