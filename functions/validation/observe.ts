/** Observes through the ports: probes of the service, samples of its hosts, agents that report. */

import { AssetRecord } from '../inventory/index.ts'
import { inParallel } from '../kit/in-parallel.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { instantMs, msBetween } from '../kit/time.ts'
import type { MetricSamples } from './judge-input.ts'
import type { MetricSource } from './ports.ts'
import type { Sample } from './samples.ts'
import type { DeployedRing, Facts } from './subject.ts'

/** Most hosts per side whose metrics are read at a look: bounds the calls, and is more than the test needs. */
export const sampledHostsMax = 50

/** Hosts of the ring that were proven patched, in the plan's order. */
export const patchedHosts = ({ plannedRing, ring }: Pick<Facts, 'plannedRing' | 'ring'>) =>
  plannedRing.hosts.map((host) => host.hostId).filter((hostId) => isVerified(ring, hostId))

const isVerified = (ring: DeployedRing, hostId: string) => {
  const host = ring.hosts[hostId]
  return host?.step === 'verify' && host.state === 'done'
}

/** Nodes read side by side. */
const readsAtOnce = 50

/** Host states of a ring that has ended: these were given up with a reason, so their agents are not awaited. */
const givenUp = ['failed', 'skipped', 'quarantined', 'gone']

/**
 * Hosts whose management agent is not known to be back (6.5): never verified but not given up, or offline in the
 * inventory after the ring ended.
 */
export async function silentAgents({ plannedRing, ring }: Facts, ledger: Ledger): Promise<string[]> {
  const hostIds = plannedRing.hosts.map((host) => host.hostId)
  const assets = await inParallel(hostIds, readsAtOnce, (hostId) => ledger.read(AssetRecord, keys.asset(hostId)))
  const lost = new Set(
    assets.flatMap((asset) =>
      asset && !asset.value.isOnline && isLater(asset.value.seenAt, ring.endedAt) ? [asset.value.hostId] : [],
    ),
  )
  const isSilent = (hostId: string) => {
    const state = ring.hosts[hostId]?.state
    if (state !== undefined && givenUp.includes(state)) return false
    return !isVerified(ring, hostId) || lost.has(hostId)
  }
  return hostIds.filter(isSilent)
}

const isLater = (left: string, right: string) => msBetween(right, left) > 0

/** Periods before the patch that are asked for at least: an hour of minutes, so that early looks have a past to rest on. */
const pastPeriodsMin = 60
/** Newest periods that a monitoring service may not have put together yet; only what all hosts lack is left out. */
const settlingPeriodsMax = 3

export interface Measurement {
  readonly metrics: readonly MetricSamples[]
  /** Patched hosts that gave no sample of any metric: their monitoring agent is not back. */
  readonly silent: readonly string[]
  /** Reads that failed; their samples are missing, which is never a pass. */
  readonly faults: readonly string[]
}

interface TimeSpan {
  readonly startMs: number
  readonly endMs: number
}

/**
 * Samples of every metric of the service: patched hosts since the ring ended, unpatched peers in the same time, and both
 * before the ring opened, for as long and at least for `pastPeriodsMin`. Spans are whole sample periods.
 */
export async function measure(facts: Facts, nowMs: number, source: MetricSource): Promise<Measurement> {
  const { service, ring, policy } = facts
  const periodMs = policy.validation.samplePeriodSeconds * 1000
  const since = spanSince(ring.endedAt, nowMs, periodMs)
  const pastMs = Math.max(since.endMs - since.startMs, pastPeriodsMin * periodMs)
  const before = spanBefore(ring.openedAt, pastMs, periodMs)
  const patched = patchedHosts(facts).slice(0, sampledHostsMax)
  const peers = unpatchedPeers(facts).slice(0, sampledHostsMax)
  const faults: string[] = []

  const read = async (
    metric: { readonly namespace: string; readonly name: string },
    hostId: string,
    span: TimeSpan,
  ): Promise<readonly Sample[]> => {
    if (span.endMs <= span.startMs) return []
    try {
      return await source.samples({
        ...span,
        namespace: metric.namespace,
        name: metric.name,
        service: service.name,
        hostId,
        periodSeconds: policy.validation.samplePeriodSeconds,
      })
    } catch (error) {
      faults.push(`${metric.name} of ${hostId} could not be read: ${String(error)}`)
      return []
    }
  }

  const reporting = new Set<string>()
  const metrics = await Promise.all(
    service.rollbackCriteria.metrics.map(async (metric): Promise<MetricSamples> => {
      const of = (hosts: readonly string[], span: TimeSpan) =>
        Promise.all(hosts.map((hostId) => read(metric, hostId, span)))
      const [canary, baseline, history, baselineHistory] = await Promise.all([
        of(patched, since),
        of(peers, since),
        of(patched, before),
        of(peers, before),
      ])
      for (const [index, hostId] of patched.entries())
        if (metric.missing === 'zero' || (canary[index] ?? []).length > 0) reporting.add(hostId)
      const settled = settledPeriods([...canary, ...baseline])
      return {
        name: metric.name,
        higherIsWorse: metric.higherIsWorse,
        missing: metric.missing,
        hostIds: patched,
        canary: canary.map((row) => row.slice(0, settled)),
        history,
        ...(peers.length === 0 ? {} : { baseline: baseline.map((row) => row.slice(0, settled)), baselineHistory }),
      }
    }),
  )
  return { metrics, silent: patched.filter((hostId) => !reporting.has(hostId)), faults: faults.slice(0, 5) }
}

/** Periods up to the newest of which any host gave a sample; at most a few are left out. */
function settledPeriods(rows: readonly (readonly Sample[])[]): number {
  const length = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const last = rows.reduce(
    (most, row) =>
      Math.max(
        most,
        row.findLastIndex((sample) => sample !== null),
      ),
    -1,
  )
  return Math.max(last + 1, length - settlingPeriodsMax)
}

/** Hosts of the service in later rings: not patched yet, a sample across loads. */
const unpatchedPeers = ({ plan, plannedRing }: Facts) =>
  plan.rings.filter((ring) => ring.index > plannedRing.index).flatMap((ring) => ring.hosts.map((host) => host.hostId))

const spanSince = (instant: string, nowMs: number, periodMs: number): TimeSpan => ({
  startMs: Math.ceil(instantMs(instant) / periodMs) * periodMs,
  endMs: Math.floor(nowMs / periodMs) * periodMs,
})

function spanBefore(instant: string, lengthMs: number, periodMs: number): TimeSpan {
  const endMs = Math.floor(instantMs(instant) / periodMs) * periodMs
  return { startMs: endMs - Math.max(0, lengthMs), endMs }
}
