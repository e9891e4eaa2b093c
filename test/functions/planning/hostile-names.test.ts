import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import { normaliseDocument } from '../../../functions/intake/normalise.ts'
import { AssetRecord } from '../../../functions/inventory/asset.ts'
import { assetOf, unknownZone } from '../../../functions/inventory/assets.ts'
import { buildPlan } from '../../../functions/planning/build-plan.ts'
import { Plan } from '../../../functions/planning/plan.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import { anyChange } from '../changes/any-change.ts'
import { changed, context, findingOf } from '../intake/intake-fixtures.ts'
import { anyPlan } from './any-plan.ts'

const ec2 = 'findings/inspector-event-ec2.json'
const packageName = 'detail.packageVulnerabilityDetails.vulnerablePackages.0.name'
const place = { account: '123456789012', region: 'eu-central-1', seenAt: '2026-01-01T00:00:00.000Z' }

/** What every object has under a name, and what only looks like it. */
const inherited = Object.getOwnPropertyNames(Object.prototype)
const anyName = fc.oneof(fc.constantFrom(...inherited), fc.constantFrom('snapd', 'z1', 'prototype'))
const catalogue = Catalogue.parse({
  services: [
    {
      name: 'constructor',
      title: 'A service named as a member of every object',
      tier: 'business-essential',
      owner: 'olivia',
      steward: 'stella',
      minimumHealthy: 0,
      minimumHealthyPerZone: 0,
      rings: [{ name: 'production', stage: 'production', soakSeconds: 60, failureBudget: 0 }],
      rollbackCriteria: {},
      rtoMinutes: 15,
      rpoMinutes: 60,
    },
  ],
  people: ['olivia', 'stella'].map((id) => ({ id, name: id, email: `${id}@example.com`, roles: ['service-owner'] })),
})

const node = (number: number, zone: string) => ({
  hostId: `i-0000000${number}`,
  platformName: 'Red Hat Enterprise Linux',
  platformType: 'Linux',
  agentVersion: '3.3.2746.0',
  isOnline: true,
  tags: Object.fromEntries([
    ['patch-service', 'constructor'],
    ['patch-stage', 'production'],
    ['patch-managed', 'true'],
    ['patch-zone', zone],
    [zone, 'a tag named so'],
  ]),
})

/** An asset as the ledger gives it back: through its JSON and its schema. */
function stored(number: number, zone: string, packages: Readonly<Record<string, string>>) {
  const asset = assetOf(node(number, zone), packages, place)
  if ('refused' in asset) throw new Error(asset.refused)
  return AssetRecord.schema.parse(JSON.parse(JSON.stringify(asset)))
}

describe('B1 names that every object inherits', () => {
  it.each(inherited)('a finding about a package named %s is taken as any other, or refused and not lost', (name) => {
    const document = changed(ec2, packageName, name)
    const [item] = normaliseDocument(document, context)
    if (item && 'finding' in item) expect(item.finding.packages.map((each) => each.name)).toContain(name)
    else expect(item?.refused).toBe('BAD_PACKAGE_NAME')
  })

  it('no package is named __proto__, whatever its manager allows', () => {
    const document = changed(
      'findings/asff-event.json',
      'detail.findings.0.Vulnerabilities.0.VulnerablePackages.0.Name',
      '__proto__',
    )
    expect(normaliseDocument(document, context)).toMatchObject([{ refused: 'BAD_PACKAGE_NAME' }])
    expect(findingOf(changed(ec2, packageName, 'snapd')).packages).not.toEqual([])
  })

  it('packages and zones named so go from node to asset to plan, and each host gets what it has and lacks', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          anyName.filter((name) => name !== '__proto__' && /^[A-Za-z]/.test(name)),
          { minLength: 1, maxLength: 4 },
        ),
        fc.array(anyName, { minLength: 2, maxLength: 5 }),
        (names, zones) => {
          // Every other host has the first of the packages; the rest has none of them.
          const has = Object.fromEntries(names.slice(0, 1).map((name) => [name, '1.0-1']))
          const assets = zones.map((zone, index) => stored(index, zone, index % 2 === 0 ? has : {}))
          const built = buildPlan({
            change: anyChange({
              service: 'constructor',
              packages: names.map((name) => ({ name, fixedVersion: '2.0-1' })),
            }),
            catalogue,
            policy: scenarioPolicy(),
            assets,
            installed: new Map(),
            documents: anyPlan().manifest.documents,
            blocked: [],
            nowIso: '2026-01-01T00:00:00.000Z',
          })
          if ('refused' in built) throw new Error(`${built.refused}: ${built.because}`)
          const plan = Plan.parse(JSON.parse(JSON.stringify(built.plan)))
          expect(plan).toEqual(built.plan)
          const patched = assets.filter((_, index) => index % 2 === 0).map(({ hostId }) => hostId)
          expect(plan.rings.flatMap(({ hosts }) => hosts.map(({ hostId }) => hostId)).toSorted()).toEqual(patched)
          expect(plan.excluded.map(({ hostId }) => hostId).toSorted()).toEqual(
            assets.map(({ hostId }) => hostId).filter((hostId) => !patched.includes(hostId)),
          )
          for (const { reason } of plan.excluded) expect(reason).toContain('does not have the package')
          for (const hostId of patched) expect(plan.rollbackPlan.previousVersions[hostId]).toEqual(has)
          const [limit] = plan.limits
          expect(Object.keys(limit?.unavailableMaxByZone ?? {}).toSorted()).toEqual(
            [...new Set(assets.map(({ zone }) => zone))].toSorted(),
          )
        },
      ),
    )
  })

  it('a zone that is no name of one counts as unknown', () => {
    for (const zone of ['__proto__', '', 'a b', 'x'.repeat(80)]) expect(stored(1, zone, {}).zone).toBe(unknownZone)
    expect(stored(1, 'eu-central-1a', {}).zone).toBe('eu-central-1a')
  })
})
