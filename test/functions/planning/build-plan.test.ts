import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderPlan } from '../../../cli/render-plan.ts'
import { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import type { Asset } from '../../../functions/inventory/asset.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { type BuildPlanInput, buildPlan, downstreamOf } from '../../../functions/planning/build-plan.ts'
import { budgetOf, limitOf } from '../../../functions/planning/limits.ts'
import { packagesFor } from '../../../functions/planning/manifest.ts'
import { Plan } from '../../../functions/planning/plan.ts'
import { kernelPattern, reviewWords, rungLines } from '../../../functions/planning/rung.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyAsset } from './any-asset.ts'
import { anyPlan } from './any-plan.ts'

const ring = (name: string, more: object = {}) => ({ name, stage: name, soakSeconds: 60, failureBudget: 0, ...more })
const anyService = (name: string, more: object = {}) => ({
  name,
  title: name,
  tier: 'business-essential',
  owner: 'olivia',
  steward: 'stella',
  minimumHealthy: '50%',
  rings: [ring('dev'), ring('production', { failureBudget: '10%' })],
  rollbackCriteria: {},
  rtoMinutes: 15,
  rpoMinutes: 60,
  ...more,
})
const people = ['olivia', 'stella'].map((id) => ({
  id,
  name: id,
  email: `${id}@example.com`,
  roles: ['service-owner'],
}))
const catalogueOf = (services: object[], more: object = {}) => Catalogue.parse({ services, people, ...more })
const id = (number: number) => `i-${String(number).padStart(8, '0')}`
const fleet = (count: number, of: (index: number) => Partial<Asset> = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    anyAsset({ hostId: id(index), stage: index === 0 ? 'dev' : 'production', zone: `z${index % 2}`, ...of(index) }),
  )
const anyInput = (input: Partial<BuildPlanInput> = {}): BuildPlanInput => ({
  change: anyChange({ packages: [{ name: 'snapd', fixedVersion: '2.64' }] }),
  catalogue: catalogueOf([anyService('web')]),
  policy: scenarioPolicy(),
  assets: fleet(6),
  installed: new Map(),
  documents: anyPlan().manifest.documents,
  blocked: [],
  nowIso: '2026-01-01T00:00:00.000Z',
  ...input,
})
const { normal, emergency } = scenarioPolicy().approvals
const reviewPolicy = { ...scenarioPolicy(), approvals: { normal: { ...normal, rollbackReview: true }, emergency } }
const planOf = (input: Partial<BuildPlanInput> = {}): Plan => {
  const built = buildPlan(anyInput(input))
  if ('refused' in built) throw new Error(`${built.refused}: ${built.because}`)
  return built.plan
}

describe('5.1 A3 A6 a service on several platforms', () => {
  const assets = fleet(6, (index) =>
    index % 2
      ? { platform: 'amazon-linux', packages: { curl: '8.5.0-1.amzn2023.0.2', snapd: '2.63-1.amzn2023' } }
      : { platform: 'ubuntu', packages: { curl: '7.81.0-1ubuntu1.13', snapd: '2.63' } },
  )
  const curl = [
    { name: 'curl', fixedVersion: '8.5.0-1.amzn2023.0.4', platform: 'amazon-linux' as const },
    { name: 'curl', fixedVersion: '7.81.0-1ubuntu1.14', platform: 'ubuntu' as const },
    { name: 'curl', fixedVersion: '7.81.0-1ubuntu1.9', platform: 'ubuntu' as const },
  ]

  it('runs in one change, each platform with the newest of its own versions', () => {
    const plan = planOf({ assets, change: anyChange({ packages: curl }) })
    expect(plan.manifest.packages).toEqual([
      { name: 'curl', version: '8.5.0-1.amzn2023.0.4', platform: 'amazon-linux' },
      { name: 'curl', version: '7.81.0-1ubuntu1.14', platform: 'ubuntu' },
    ])
    expect(plan.rings.flatMap(({ hosts }) => hosts)).toHaveLength(6)
    expect(renderPlan(plan, 'hash')).toContain(
      'curl 8.5.0-1.amzn2023.0.4 (amazon-linux), curl 7.81.0-1ubuntu1.14 (ubuntu)',
    )
  })

  it('sends no host the version of another platform', () => {
    const plan = planOf({ assets, change: anyChange({ packages: curl }) })
    const rings = plan.rings.map((planned) =>
      openedRing(plan, 'h', planned.name, undefined, 't', '2026-01-01T00:00:00.000Z'),
    )
    for (const { packagesByHost } of rings)
      for (const [hostId, packages] of Object.entries(packagesByHost))
        expect(packages).toBe(Number(hostId.slice(2)) % 2 ? 'curl=8.5.0-1.amzn2023.0.4' : 'curl=7.81.0-1ubuntu1.14')
  })

  it('says of a host of another platform that nothing is known, never that it has the fix already', () => {
    const { excluded } = planOf({ assets, change: anyChange({ packages: curl.slice(1) }) })
    expect(excluded).toHaveLength(3)
    for (const { reason } of excluded)
      expect(reason).toBe('no fix for amazon-linux is in the change: whether it needs one is unknown')
  })

  it('of packages without a platform, as an older Drydock wrote them, is on one platform by its nodes', () => {
    expect(planOf().manifest.packages).toEqual([{ name: 'snapd', version: '2.64', platform: 'ubuntu' }])
  })

  it('reads plans of version 1, whose packages are for all their hosts', () => {
    const old = anyPlan()
    expect(Plan.parse({ ...old, schemaVersion: 1 })).toEqual(old)
    expect(packagesFor(old.manifest.packages, 'rhel')).toEqual(old.manifest.packages)
  })
})

describe('4.1 buildPlan', () => {
  it('makes a plan that its own schema reads', () => {
    expect(Plan.parse(planOf())).toEqual(planOf())
  })

  it('installs the newest version that any finding names, by the order of the platform', () => {
    const versions = ['2.9', '2.10', '2.10~rc1']
    const packages = versions.map((fixedVersion) => ({ name: 'snapd', fixedVersion }))
    for (const order of [packages, packages.toReversed()]) {
      const plan = planOf({
        change: anyChange({ packages: order }),
        assets: fleet(6, () => ({ packages: { snapd: '2.8' } })),
      })
      expect(plan.manifest.packages).toEqual([{ name: 'snapd', version: '2.10', platform: 'ubuntu' }])
    }
  })

  it('believes the package manager of a moment ago more than the inventory of the ledger', () => {
    const installed = new Map([[id(1), { snapd: '2.64' }]])
    expect(planOf({ installed }).excluded).toEqual([{ hostId: id(1), reason: 'already has the fixed version' }])
  })

  it('2.4 has a rollback plan with the version of each host, by Drydock, to be reviewed by the steward or owner', () => {
    const { rollbackPlan } = planOf({ policy: reviewPolicy })
    const expected = { rung: 'package-downgrade', author: 'drydock', reviewer: 'stella', rtoMinutes: 15 }
    expect(rollbackPlan).toMatchObject(expected)
    expect(rollbackPlan.previousVersions[id(3)]).toEqual({ snapd: '2.63' })
    const ownerOnly = catalogueOf([anyService('web', { steward: undefined })])
    expect(planOf({ policy: reviewPolicy, catalogue: ownerOnly }).rollbackPlan.reviewer).toBe('olivia')
  })

  it('B6 names no reviewer where the policy asks for none, and says so', () => {
    const plan = planOf()
    expect(plan.rollbackPlan).not.toHaveProperty('reviewer')
    expect(renderPlan(plan, 'hash')).toContain('no review: policy asks for none')
    expect(reviewWords(anyPlan())).toBe('stella is named as reviewer and was not asked')
  })

  it('11.8 A1 promises a kernel no downgrade: the kernel of before boots again', () => {
    const kernel = { name: 'linux-image-aws', fixedVersion: '6.8.0-1016.18' }
    const assets = fleet(4, (index) => ({
      packages: index < 3 ? { 'linux-image-aws': '6.8.0-1015.17' } : { snapd: '2.63' },
    }))
    const plan = planOf({ assets, change: anyChange({ packages: [kernel, { name: 'snapd', fixedVersion: '2.64' }] }) })
    expect(rungLines(plan)).toEqual([
      expect.stringMatching(/^1 host by package-downgrade: /),
      expect.stringMatching(/^3 hosts by previous-kernel: .*the new one stays installed/),
    ])
  })

  it('11.8 knows a kernel as the documents do', () => {
    expect(readFileSync('documents/scripts/host.sh', 'utf8')).toContain(kernelPattern.source)
  })

  it('rounds a budget of failures down', () => {
    expect([budgetOf('10%', 19), budgetOf('10%', 20), budgetOf(3, 1)]).toEqual([1, 2, 3])
    expect(planOf().rings.map(({ failureBudget }) => failureBudget)).toEqual([0, 0])
  })

  it('I2 never has more hosts down than minimum healthy leaves, over all that share a service', () => {
    const catalogue = catalogueOf([anyService('web'), anyService('batch', { minimumHealthy: 5 })])
    const assets = fleet(6, (index) => (index > 2 ? { services: ['web', 'batch'] } : {})).concat(
      fleet(3, (index) => ({ hostId: id(90 + index), services: ['batch'], stage: 'production' })),
    )
    const plan = planOf({ catalogue, assets })
    expect(plan.limits.map(({ service, unavailableMax }) => [service, unavailableMax])).toEqual([
      ['batch', 1],
      ['web', 3],
    ])
    const starts = plan.rings[1]?.hosts.flatMap((host) => (host.services.includes('batch') ? [host.startSeconds] : []))
    expect(starts).toEqual([0, 600, 1200])
  })

  it('I3 names what the services depend on at any depth, and who is downstream of them', () => {
    const catalogue = catalogueOf([
      anyService('web', { dependsOn: ['api'] }),
      anyService('api', { dependsOn: ['db'] }),
      anyService('db'),
      anyService('shop', { dependsOn: ['web'] }),
      anyService('mail', { dependsOn: ['shop'] }),
    ])
    const plan = planOf({ catalogue })
    expect(plan.limits[0]?.dependsOn).toEqual(['api', 'db'])
    expect(plan.downstream).toEqual(['mail', 'shop'])
    expect(downstreamOf(['db'], catalogue)).toEqual(['api', 'mail', 'shop', 'web'])
  })

  it('counts nodes that are offline as down, and never lets more go than the service may have in work', () => {
    const catalogue = catalogueOf([anyService('web', { minimumHealthy: 2, concurrencyMax: 3 })])
    const [service] = catalogue.services
    if (!service) throw new Error('no service')
    expect(limitOf(service, fleet(10), catalogue)).toMatchObject({ hosts: 10, minimumHealthy: 2, unavailableMax: 3 })
    const halfOff = fleet(10, (index) => ({ isOnline: index < 4 }))
    expect(limitOf(service, halfOff, catalogue)).toMatchObject({
      unavailableMax: 2,
      unavailableMaxByZone: { z0: 2, z1: 2 },
    })
  })

  it('keeps only conflicts of its own hosts, each once', () => {
    const conflicts = [
      [id(2), id(1)],
      [id(1), id(2)],
      [id(3), 'i-ffffffff'],
      ['i-eeeeeeee', 'i-ffffffff'],
    ]
    const plan = planOf({ catalogue: catalogueOf([anyService('web')], { conflicts }) })
    expect(plan.conflicts).toEqual([
      [id(1), id(2)],
      [id(3), 'i-ffffffff'],
    ])
    const [one, other] = [id(1), id(2)].map((hostId) => plan.rings[1]?.hosts.find((host) => host.hostId === hostId))
    expect(one?.startSeconds).not.toBe(other?.startSeconds)
  })

  it('stays the same from one minute to the next, so that planning again voids no vote', () => {
    expect(canonicalJson(planOf({ nowIso: '2026-01-01T00:09:00.000Z' }))).toBe(canonicalJson(planOf()))
  })

  it('I17 gives the same bytes whatever the order of its inputs', () => {
    const services = [
      anyService('web', { dependsOn: ['db'] }),
      anyService('db'),
      anyService('batch', { dependsOn: ['db'] }),
    ]
    const assets = fleet(12, (index) => (index > 8 ? { services: ['web', 'batch'], platform: 'rhel' } : {}))
    const packages = ['curl', 'snapd', 'zlib'].flatMap((name) =>
      (['ubuntu', 'rhel'] as const).map((platform) => ({ name, fixedVersion: '9', platform })),
    )
    const conflicts = [
      [id(1), id(2)],
      [id(5), id(4)],
    ]
    const expected = canonicalJson(
      buildPlan(anyInput({ catalogue: catalogueOf(services, { conflicts }), assets, change: anyChange({ packages }) })),
    )
    const order = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length })
    fc.assert(
      fc.property(order(services), order(assets), order(packages), order(conflicts), (one, two, three, four) => {
        const catalogue = catalogueOf(one, { conflicts: four.map((pair) => pair.toReversed()) })
        const built = buildPlan(
          anyInput({
            catalogue,
            assets: two.map((asset) => ({ ...asset, services: asset.services.toReversed() })),
            change: anyChange({ packages: three }),
          }),
        )
        expect(canonicalJson(built)).toBe(expected)
      }),
      { numRuns: 60 },
    )
    expect(expected).toContain('"plan"')
  })

  it.each([
    ['a node without a stage', { stage: undefined }, 'patch-stage is missing'],
    ['a node of another stage', { stage: 'lab' }, 'stage lab is in no ring'],
    ['a platform that nobody knows', { platform: 'unknown' as const }, 'unknown platform'],
    ['Windows', { platform: 'windows' as const }, 'a change of their own'],
    ['a node of a service that the catalogue does not know', { services: ['web', 'ghost'] }, 'also serves ghost'],
    ['F33 an agent version that is none', { agentVersion: 'latest' }, 'is older than 3.3.2746.0'],
    ['F33 an agent that is too old by its last number', { agentVersion: '3.3.2745.99999' }, 'is older than'],
    [
      'an RPM whose release the inventory does not tell',
      { platform: 'rhel' as const, packages: { snapd: '2.64' } },
      'cannot tell whether snapd 2.64 contains the fix 2.64-1',
    ],
  ])('leaves out %s, with the reason', (_, odd, reason) => {
    const { stage, ...rest } = anyAsset({ hostId: id(99), ...odd, stage: 'stage' in odd ? (odd.stage ?? '') : 'dev' })
    const node: Asset = stage === '' ? rest : { ...rest, stage }
    const packages = (['ubuntu', 'rhel'] as const).map((platform) => ({
      name: 'snapd',
      fixedVersion: '2.64-1',
      platform,
    }))
    const plan = planOf({ assets: [...fleet(6), node], change: anyChange({ packages }) })
    expect(plan.excluded).toEqual([{ hostId: id(99), reason: expect.stringContaining(reason) }])
  })

  it.each([
    [
      'a service that is not in the catalogue',
      { catalogue: catalogueOf([anyService('db')]) },
      'unknown-service',
      ['web'],
    ],
    ['a change without packages', { change: anyChange({ packages: [] }) }, 'no-packages', []],
    [
      'A6 packages of an older Drydock without a platform, on a service of several',
      {
        change: anyChange({ packages: ['1', '2'].map((fixedVersion) => ({ name: 'snapd', fixedVersion })) }),
        assets: fleet(6, (index) => (index % 2 ? { platform: 'rhel' } : {})),
      },
      'unknown-platform',
      ['snapd'],
    ],
    [
      '2.4 a reviewer who is not in the catalogue',
      { policy: reviewPolicy, catalogue: catalogueOf([anyService('web', { steward: 'ghost' })]) },
      'no-reviewer',
      ['ghost'],
    ],
    [
      '2.4 a rollback plan reviewed by its author',
      { policy: reviewPolicy, catalogue: catalogueOf([anyService('web', { steward: 'drydock' })]) },
      'no-reviewer',
      ['drydock'],
    ],
    [
      'B40 minimum healthy 100 %',
      { catalogue: catalogueOf([anyService('web', { minimumHealthy: '100%' })]) },
      'minimum-healthy',
      ['web'],
    ],
    [
      'B40 minimum healthy 100 % in a zone',
      { catalogue: catalogueOf([anyService('web', { minimumHealthyPerZone: '100%' })]) },
      'minimum-healthy',
      ['web'],
    ],
    [
      'B40 a circle of services',
      {
        catalogue: catalogueOf([
          anyService('web', { dependsOn: ['batch'] }),
          anyService('batch', { dependsOn: ['web'] }),
        ]),
        assets: fleet(6, () => ({ services: ['web', 'batch'] })),
      },
      'cycle',
      ['batch', 'web', 'batch'],
    ],
    [
      'B39 windows in which the ring never fits',
      {
        catalogue: catalogueOf([
          anyService('web', { windows: [{ days: ['mon'], start: '02:30', durationMinutes: 5, timeZone: 'UTC' }] }),
        ]),
      },
      'no-window',
      ['web'],
    ],
    [
      'a calendar that cannot be read',
      { catalogue: catalogueOf([anyService('web')], { calendars: [{ name: 'ops', ics: 'nonsense' }] }) },
      'no-window',
      ['web'],
    ],
    [
      'I16 more packages than one command installs',
      {
        change: anyChange({
          packages: Array.from({ length: 201 }, (_, at) => ({ name: `p${at}`, fixedVersion: '2' })),
        }),
      },
      'too-large',
      ['web'],
    ],
    ['B21 a plan too large to be kept', { assets: fleet(16_000) }, 'too-large', ['web']],
    [
      'B41 two nodes of which both must stay',
      { assets: fleet(2), catalogue: catalogueOf([anyService('web', { minimumHealthy: 2 })]) },
      'minimum-healthy',
      ['web'],
    ],
  ])('refuses %s, and names it', (_, input, refused, names) => {
    expect(buildPlan(anyInput(input))).toEqual({ refused, because: expect.any(String), names })
  })

  it.each([
    ['two nodes', fleet(2)],
    ['a fleet in one zone', fleet(9, () => ({ zone: 'only' }))],
    ['1,000 nodes', fleet(1_000)],
  ])('B41 plans %s', (_, assets) => {
    expect(planOf({ assets }).rings.flatMap(({ hosts }) => hosts)).toHaveLength(assets.length)
  })

  it('2.3 plans a change whose window is still to come', () => {
    const windows = [{ days: ['mon'], start: '02:30', durationMinutes: 300, timeZone: 'UTC' }]
    expect(planOf({ catalogue: catalogueOf([anyService('web', { windows })]) }).service).toBe('web')
  })
})

describe('4.1 renderPlan', () => {
  it('shows rings, hosts in order, minimum healthy at every step and who is left out', () => {
    const plan = planOf({ assets: [...fleet(6), anyAsset({ hostId: id(9), isOnline: false })] })
    const text = renderPlan(plan, 'a'.repeat(64))
    const first = plan.rings[1]?.hosts[0]?.hostId ?? ''
    expect(text).toContain('a'.repeat(64))
    expect(text.indexOf('Ring dev')).toBeLessThan(text.indexOf('Ring production'))
    expect(text).toMatch(new RegExp(`\\+0 min +${first} .*web \\d+ \\(min 4\\)`))
    expect(text).toMatch(new RegExp(`${id(9)} +offline`))
  })
})
