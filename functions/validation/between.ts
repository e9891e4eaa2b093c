/** Hosts as units: a difference between two groups of hosts counts against the differences between hosts. */
import { normalQuantile } from './normal.ts'
import { studentTail } from './student.ts'

export interface HostMean {
  readonly index: number
  readonly mean: number
  /** Variance of the mean that the scatter of the host's own samples explains. */
  readonly variance: number
}

export interface Between {
  readonly p: number
  /** Difference of the groups in their own unit, positive is worse. */
  readonly difference: number
  readonly standardError: number
  readonly freedom: number
  /** Standard deviation between hosts, what their own samples explain left out. */
  readonly hostDeviation: number
  /** The share of the squared standard error that they make up. */
  readonly hostShare: number
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

const squaresOf = (hosts: readonly HostMean[], mean: number) =>
  hosts.reduce((sum, host) => sum + (host.mean - mean) ** 2, 0)

/**
 * Student's t test of the hosts' means, at least two on one side: exact for normal differences between hosts, however
 * much the samples of a host resemble each other. The scatter within hosts is the least error there can be.
 */
export function compareGroups(canary: readonly HostMean[], peers: readonly HostMean[]): Between | undefined {
  const freedom = canary.length + peers.length - 2
  if (canary.length === 0 || peers.length === 0 || freedom < 1) return undefined
  const [own, other] = [meanOf(canary.map(({ mean }) => mean)), meanOf(peers.map(({ mean }) => mean))]
  const between = (squaresOf(canary, own) + squaresOf(peers, other)) / freedom
  const within = meanOf([...canary, ...peers].map(({ variance }) => variance))
  const standardError = Math.sqrt(Math.max(between, within) * (1 / canary.length + 1 / peers.length))
  const difference = own - other
  return {
    p: tailOf(difference, standardError, freedom),
    difference,
    standardError,
    freedom,
    hostDeviation: Math.sqrt(Math.max(0, between - within)),
    hostShare: between > within ? 1 - within / between : 0,
  }
}

/** How far each patched host lies above the unpatched ones, as the next host drawn from among them. */
export function outliers(canary: readonly HostMean[], peers: readonly HostMean[]): readonly number[] {
  const freedom = peers.length - 1
  if (freedom < 1) return canary.map(() => 1)
  const mean = meanOf(peers.map((peer) => peer.mean))
  const between = squaresOf(peers, mean) / freedom
  const within = meanOf([...canary, ...peers].map(({ variance }) => variance))
  const least = Math.max(between, within)
  return canary.map((host) => {
    const standardError = Math.sqrt(Math.max(least, host.variance) + least / peers.length)
    return tailOf(host.mean - mean, standardError, freedom)
  })
}

/** Where nothing varies, any difference is one. */
function tailOf(difference: number, standardError: number, freedom: number): number {
  if (difference === 0) return 0.5
  return studentTail(difference / standardError, freedom)
}

/** The t whose upper tail is p, by halving; as exact as a sentence needs. */
export function studentQuantile(p: number, freedom: number): number {
  let [low, high] = [0, Math.max(8, 4 * normalQuantile(p)) * 1000]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (studentTail(middle, freedom) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
