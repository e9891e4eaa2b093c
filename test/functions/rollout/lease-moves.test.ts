import { describe, expect, it } from 'vitest'
import { type Lease, takeLease } from '../../../functions/rollout/lease.ts'
import { type Leases, leaseMoves } from '../../../functions/rollout/lease-moves.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyPlan } from '../planning/any-plan.ts'

const before = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 'token', 'now')
const hostId = 'i-00000001'
const nowMs = 1_000_000
const leaseSeconds = 600
const deadlineMs = nowMs + 60_000

const withHost = (host: HostProgress): Ring => ({
  ...before,
  hosts: { ...before.hosts, [hostId]: host },
  commands: { c: { step: 'install', hostIds: [hostId], packages: '', intendedAtMs: nowMs, deadlineMs } },
})
const sent = withHost({ step: 'install', state: 'sent', attempt: 1, intentId: 'c' })
const done = withHost({ step: 'verify', state: 'done', attempt: 1 })
const anyLease = (lease: Partial<Lease> = {}): Lease => ({
  hostId,
  changeId: before.changeId,
  ring: 'production',
  services: ['web'],
  fencingToken: 3,
  takenAt: 'then',
  expiresAtMs: deadlineMs + 600_000,
  isReleased: false,
  ...lease,
})
const moves = (after: Ring, lease?: Lease) => {
  const leases: Leases = new Map(lease ? [[hostId, { key: { pk: '', sk: '' }, version: 1, value: lease }]] : [])
  const made = leaseMoves({ before, after, leases, servicesOf: () => ['web'], at: 'now', nowMs, leaseSeconds })
  return made === 'held' ? made : made.map(({ value }) => value)
}

describe('11.3 the lease of a host that moves', () => {
  it('is taken with its first command, and outlasts it', () => {
    expect(moves(sent)).toMatchObject([{ fencingToken: 1, expiresAtMs: deadlineMs + 600_000, isReleased: false }])
  })

  it('is left as it is while half of its length is to spare', () => {
    expect(moves(sent, anyLease({ expiresAtMs: deadlineMs + 300_000 }))).toEqual([])
    expect(moves(sent, anyLease({ expiresAtMs: deadlineMs + 299_999 }))).toMatchObject([{ fencingToken: 3 }])
  })

  it('is renewed for another ring of the change, under the same token', () => {
    expect(moves(sent, anyLease({ ring: 'dev' }))).toMatchObject([{ ring: 'production', fencingToken: 3 }])
  })

  it('is not to be had while another change holds it, and gets a new token once that one is dead', () => {
    const foreign = anyLease({ changeId: '01J00000000000000000000999' })
    expect(moves(sent, foreign)).toBe('held')
    expect(moves(sent, { ...foreign, expiresAtMs: nowMs })).toMatchObject([
      { changeId: before.changeId, fencingToken: 4 },
    ])
  })

  it('is given back when the work on the host is over, and never that of another change', () => {
    expect(moves(done, anyLease())).toMatchObject([{ isReleased: true, fencingToken: 3 }])
    expect(moves(done, anyLease({ changeId: '01J00000000000000000000999' }))).toEqual([])
    expect(moves(done)).toEqual([])
  })

  it('goes to one of two that want it at the same time', () => {
    const wish = { hostId, ring: 'production', services: ['web'], at: 'now', nowMs, leaseSeconds }
    const first = takeLease(undefined, { ...wish, changeId: 'one' })
    expect('lease' in first && takeLease(first.lease, { ...wish, changeId: 'two' })).toMatchObject({ heldBy: 'one' })
  })
})
