import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../../functions/kit/keys.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { runs } from '../../runs.ts'
import {
  linuxId,
  type MixedService,
  minimumHealthy,
  plannedChange,
  plannedService,
  rolledBack,
  rolledOut,
  windowsId,
} from './mixed-service.ts'

const anyMix = (over: Partial<MixedService> = {}): MixedService => ({
  linux: 3,
  windows: ['KB5034127', 'KB5034127', 'KB5034129'],
  faults: [],
  seed: 1,
  ...over,
})
const hostsOf = (
  plan: { readonly rings: readonly { readonly hosts: readonly { readonly hostId: string }[] }[] } | undefined,
) => plan?.rings.flatMap(({ hosts }) => hosts.map(({ hostId }) => hostId)).sort()

describe('5.1 a service on Linux and Windows', () => {
  it('has a change for each, and neither plan takes in the nodes of the other', async () => {
    const { windows, linux } = await plannedService(anyMix())
    expect(windows?.plan.manifest.packages).toEqual(
      ['KB5034127', 'KB5034129'].map((name) => ({ name, version: 'installed' })),
    )
    expect(linux?.plan.manifest.packages).toEqual([{ name: 'snapd', version: '2', platform: 'ubuntu' }])
    expect(hostsOf(windows?.plan)).toEqual([0, 1, 2].map(windowsId))
    expect(hostsOf(linux?.plan)).toEqual([0, 1, 2].map(linuxId))
    expect(windows?.plan.excluded.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'this change is for Windows nodes; Linux nodes have a change of their own'),
    )
    expect(linux?.plan.excluded[0]?.reason).toBe('Windows nodes have a change of their own')
  })

  it('B42 keeps the list that the plan pins before anyone can approve the plan', async () => {
    const { windows, linux, fleet, ports } = await plannedService(anyMix())
    const list = windows?.plan.manifest.overrideList
    expect(list?.yaml).toBe(
      'patches:\n  - id: KB5034127\n    title: KB5034127\n  - id: KB5034129\n    title: KB5034129\n',
    )
    expect(ports.digest(list?.yaml ?? '')).toBe(list?.sha256)
    expect(fleet.documents.overrideLists.text(`overrides/${list?.sha256}.yaml`)).toBe(list?.yaml)
    expect(linux?.plan.manifest.overrideList).toBeUndefined()
  })

  it('7.2 tells the approvers of a Windows plan that there is no way back', async () => {
    const { windows, linux } = await plannedService(anyMix())
    expect(windows?.plan.rollbackPlan).toMatchObject({
      rung: 'none',
      previousVersions: { [windowsId(0)]: { KB5034127: 'absent' }, [windowsId(2)]: { KB5034129: 'absent' } },
    })
    expect(linux?.plan.rollbackPlan.rung).toBe('package-downgrade')
  })

  it('is patched and proven by both: every Windows node has its own update, and runs after one reboot', async () => {
    const world = await plannedService(anyMix())
    const { rings } = await rolledOut(world, world.planned)
    expect(rings.map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
    expect(rings.flatMap(({ hosts }) => Object.values(hosts)).map(({ state }) => state)).toEqual(
      Array.from({ length: 6 }, () => 'done'),
    )
    for (const [index, update] of anyMix().windows.entries())
      expect(world.fleet.nodes.get(windowsId(index))).toMatchObject({
        packages: { KB890830: 'installed', [update]: 'installed' },
        rebootPending: false,
        runningKernel: '10.0.17763.5207',
      })
    expect(world.fleet.nodes.get(linuxId(0))?.packages).toEqual({ snapd: '2' })
  })

  it('sends Windows documents to Windows nodes only, and the list with the install only', async () => {
    const world = await plannedService(anyMix())
    await rolledOut(world, world.planned)
    for (const { documentName, invocations, parameters } of world.fleet.commands.values()) {
      const isWindows = documentName.endsWith('Windows')
      for (const { hostId } of invocations)
        expect(world.fleet.nodes.get(hostId)?.platformType).toBe(isWindows ? 'Windows' : 'Linux')
      expect('overrideKey' in parameters).toBe(documentName === 'Drydock-InstallWindows')
    }
  })

  it('leaves out a Windows node whose update came by another way', async () => {
    const world = await plannedService(anyMix())
    const node = world.fleet.nodes.get(windowsId(0))
    if (node) node.packages.KB5034127 = 'installed'
    const { windows } = world
    if (!windows) throw new Error('no Windows change')
    const { plan } = await plannedChange(windows.change, world)
    expect(hostsOf(plan)).toEqual([1, 2].map(windowsId))
    expect(plan.excluded).toContainEqual({ hostId: windowsId(0), reason: 'already has the updates' })
  })

  it('halts when the list is not where the plan says it is', async () => {
    const world = await plannedService(anyMix())
    const { windows } = world
    if (!windows) throw new Error('no Windows change')
    const overrideList = { yaml: 'patches:\n', sha256: 'f'.repeat(64) }
    const plan = { ...windows.plan, manifest: { ...windows.plan.manifest, overrideList } }
    const planHash = 'e'.repeat(64)
    await world.put('plan', keys.plan(plan.changeId, planHash), plan)
    const { rings } = await rolledOut(world, [{ ...windows, plan, planHash }])
    expect(rings[0]).toMatchObject({ state: 'halted', because: expect.stringContaining('the override list is wrong') })
    expect(world.fleet.nodes.get(windowsId(0))?.packages).toEqual({ KB890830: 'installed' })
  })

  it('7.2 collects what a bad update left and quarantines the nodes, for nothing takes it back', async () => {
    const world = await plannedService(anyMix())
    const { windows } = world
    if (!windows) throw new Error('no Windows change')
    const { rings } = await rolledOut(world, [windows])
    const rollback = await rolledBack(world, windows, rings)
    expect(rollback?.state).toBe('failed')
    expect(Object.values(rollback?.hosts ?? {}).map(({ state, because }) => `${state}: ${because}`)).toEqual(
      Array.from({ length: 3 }, () => 'quarantined: the plan has no previous version for it'),
    )
    const sent = [...world.fleet.commands.values()].map(({ documentName }) => documentName)
    expect(sent).toContain('Drydock-CollectWindows')
    expect(world.fleet.nodes.get(windowsId(0))?.packages.KB5034127).toBe('installed')
  })

  const kinds = [
    'transient-failure',
    'lying-failure',
    'lying-success',
    'execution-timeout',
    'never-returns-from-reboot',
    'service-down',
    'doubled-events',
  ] as const
  const anyFault = fc.record({
    fault: fc.constantFrom(...kinds),
    hostId: fc.nat(2).map(windowsId),
    step: fc.constantFrom('install', 'reboot'),
    times: fc.integer({ min: 1, max: 4 }),
  })

  it('I2 I11 calls a node done only where its update is installed and no reboot is pending, and keeps the floor of both changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFault, { maxLength: 3 }), fc.nat(1_000), async (faults: Fault[], seed) => {
        const mix = anyMix({ faults, seed })
        const world = await plannedService(mix)
        const { rings, mostDown } = await rolledOut(world, world.planned)
        expect(mostDown).toBeLessThanOrEqual(6 - minimumHealthy)
        expect(rings.every(({ state }) => state !== 'open')).toBe(true)
        const windows = rings.find(({ changeId }) => changeId === world.windows?.plan.changeId)
        for (const [index, update] of mix.windows.entries()) {
          const node = world.fleet.nodes.get(windowsId(index))
          if (windows?.hosts[windowsId(index)]?.state !== 'done') continue
          expect(node).toMatchObject({ packages: { [update]: 'installed' }, rebootPending: false })
          expect(node?.isHealthy).toBe(true)
        }
      }),
      { numRuns: runs(25) },
    )
  })
})
