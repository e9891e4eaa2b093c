import { describe, expect, it } from 'vitest'
import { exposureMove, isHostFinding } from '../../../functions/changes/exposure.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { id } from './any-desk.ts'

const [a, b] = [id(1), id(2)]
const hostId = 'i-0a1b2c3d4e5f60718'
const resource = { ...anyFinding().resource, type: 'ec2-instance', id: hostId } as const
const reachability = (findingId: string, over: Partial<ReturnType<typeof anyFinding>> = {}) =>
  anyFinding({ findingId, type: 'network-reachability', resource, ...over })
const read = (...findingIds: string[]) => ({ key: keys.hostExposure(hostId), version: 4, value: { findingIds } })
const moveTo = (findingIds: string[], from: number) => [
  { kind: 'host-exposure', key: keys.hostExposure(hostId), from, value: { findingIds } },
]

describe('3.3 exposureMove', () => {
  it('notes the first active finding of a host', () => {
    expect(exposureMove(reachability(b), undefined)).toEqual(moveTo([b], 0))
  })

  it('adds a further one in text order', () => {
    expect(exposureMove(reachability(a), read(b))).toEqual(moveTo([a, b], 4))
  })

  it('takes one out that is closed, and leaves the others', () => {
    expect(exposureMove(reachability(b, { status: 'closed' }), read(a, b))).toEqual(moveTo([a], 4))
  })

  it('the host is reached no more when the last is suppressed', () => {
    expect(exposureMove(reachability(b, { status: 'suppressed' }), read(b))).toEqual(moveTo([], 4))
  })

  it.each([
    ['that is known already', reachability(b), read(a, b)],
    ['that is closed and was never known', reachability(b, { status: 'closed' }), undefined],
    ['of another type', anyFinding({ findingId: b, resource }), undefined],
    ['of a container image', reachability(b, { resource: { ...resource, type: 'ecr-image' } }), undefined],
  ] as const)('a finding %s moves nothing', (_, finding, known) => {
    expect(exposureMove(finding, known)).toEqual([])
  })
})

describe('3.3 isHostFinding', () => {
  it.each([
    ['ec2-instance', true],
    ['managed-node', true],
    ['ecr-image', false],
    ['lambda-function', false],
  ] as const)('%s: %s', (type, isHost) => {
    expect(isHostFinding(anyFinding({ resource: { ...resource, type } }))).toBe(isHost)
  })
})
