import { describe, expect, it } from 'vitest'
import { limitOf } from '../../../functions/planning/limits.ts'
import { type RingsInput, ringsOf } from '../../../functions/planning/rings.ts'
import { anyService } from '../validation/builders.ts'
import { anyAsset } from './any-asset.ts'

const service = anyService({ minimumHealthy: 0 })
const node = (number: number, stage: string, more: object = {}) =>
  anyAsset({ hostId: `i-0000000${number}`, stage, ...more })
function rings(input: Partial<RingsInput>) {
  const { hosts = [] } = input
  const catalogue = { services: [service], people: [], conflicts: [], freezes: [], calendars: [] }
  return ringsOf({
    service,
    hosts,
    limits: [limitOf(service, hosts, catalogue)],
    conflicts: [],
    rungs: new Map(),
    concurrency: 50,
    ...input,
  })
}
function planned(input: Partial<RingsInput>) {
  const result = rings(input)
  if ('refused' in result) throw new Error(result.because)
  return result.planned
}

describe('4.1 ringsOf', () => {
  it('keeps the order of the catalogue, leaves rings without hosts out and numbers the rest', () => {
    const found = planned({ hosts: [node(1, 'production'), node(2, 'dev')] })
    expect(found.map(({ name, index }) => [name, index])).toEqual([
      ['dev', 0],
      ['production', 1],
    ])
  })

  it('takes soak, canary and failure budget of the ring, a share of the budget over its own hosts', () => {
    const [ring] = service.rings
    const shared = {
      ...service,
      rings: ring ? [{ ...ring, soakSeconds: 90, isCanary: true, failureBudget: '50%' }] : [],
    }
    const hosts = [node(1, 'dev'), node(2, 'dev'), node(3, 'dev'), node(4, 'production')]
    expect(planned({ service: shared, hosts })).toMatchObject([{ soakSeconds: 90, isCanary: true, failureBudget: 1 }])
  })

  it('orders hosts by their start, and by name where they start together', () => {
    const hosts = [node(3, 'dev'), node(1, 'dev'), node(2, 'dev')]
    const [ring] = planned({ hosts, concurrency: 2 })
    expect(ring?.hosts.map(({ hostId, order, startSeconds }) => [hostId, order, startSeconds])).toEqual([
      ['i-00000001', 0, 0],
      ['i-00000002', 1, 0],
      ['i-00000003', 2, 600],
    ])
  })

  it('lets hosts of a conflict follow each other', () => {
    const [ring] = planned({ hosts: [node(1, 'dev'), node(2, 'dev')], conflicts: [['i-00000001', 'i-00000002']] })
    expect(ring?.hosts.map(({ startSeconds }) => startSeconds)).toEqual([0, 600])
  })

  it('passes over a conflict with a host of another ring, which is not in work with these', () => {
    const hosts = [node(1, 'dev'), node(2, 'dev'), node(3, 'production')]
    const found = planned({ hosts, conflicts: [['i-00000001', 'i-00000003']] })
    expect(found.flatMap((ring) => ring.hosts.map(({ startSeconds }) => startSeconds))).toEqual([0, 0, 0])
  })

  it('names the ring that can have no schedule, with what makes it impossible', () => {
    expect(rings({ hosts: [node(1, 'dev')], concurrency: 0 })).toMatchObject({
      refused: 'infeasible',
      because: expect.stringMatching(/^ring dev: concurrency 0/),
    })
  })

  it('refuses a service of which no ring has a node', () => {
    expect(rings({ hosts: [node(1, 'elsewhere')] })).toMatchObject({ refused: 'no-ring', names: ['web'] })
  })
})
