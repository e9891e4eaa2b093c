/** The nodes of the simulated fleet: what they run, how they are, and what their services measure. */
import { ownValue } from '../../functions/kit/table.ts'
import type { Fault } from './faults.ts'
import type { Noise } from './noise.ts'
import type { StepRun } from './step-run.ts'

export interface FleetNode {
  readonly hostId: string
  /** Absent: Linux. */
  readonly platformType?: 'Linux' | 'Windows'
  readonly platformName: string
  /** Absent: the hub's account. */
  readonly account?: string
  /** What EC2 tells; absent for hybrid nodes. */
  readonly zone?: string
  readonly platformVersion?: string
  readonly agentVersion: string
  tags: Readonly<Record<string, string>>
  /** Packages whose installed version no repository has any more. */
  readonly versionsGone?: readonly string[]
  /** Versions by name; an update of Windows by its number, with `installed`. */
  packages: Record<string, string>
  /** Windows updates that apply to the node; absent: any. */
  readonly updatesOffered?: readonly string[]
  /** Windows updates that count after the next reboot. */
  updatesPending?: readonly string[]
  runningKernel: string
  installedKernel: string
  bootId: string
  isOnline: boolean
  /** False while the services on the node do not work. */
  isHealthy?: boolean
  rebootPending: boolean
  /** When the node last changed what it runs, for metrics that turn bad later. */
  changedAtMs: number
  /** Our lock on the host: one run at a time. */
  busyUntilMs?: number
  /** Results by intent, so that a second delivery is a no-op. */
  readonly results: Map<string, StepRun>
}

export interface MetricValue {
  readonly hostId: string
  readonly service: string
  readonly name: string
  readonly value: number
}

/** The account that the hub runs in. */
export const hubAccount = '123456789012'
export const accountOf = ({ account }: FleetNode) => account ?? hubAccount

/** The version of a package on a node; packages may be named as what every object inherits. */
export const versionOn = ({ packages }: Pick<FleetNode, 'packages'>, name: string) => ownValue(packages, name)

/** The versions of those packages that are on a node, by name. */
export const versionsOn = (node: Pick<FleetNode, 'packages'>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const version = versionOn(node, name)
      return version === undefined ? [] : [[name, version]]
    }),
  )

export const isHealthy = (node: FleetNode) => node.isHealthy !== false
export const servicesOf = (node: FleetNode) => (node.tags['patch-service'] ?? '').split(',').filter((one) => one !== '')

/** The share of a service's nodes that answer; 0 where there are none. */
export function healthyShareOf(nodes: readonly FleetNode[], service: string): number {
  const own = nodes.filter((node) => servicesOf(node).includes(service))
  return own.length === 0 ? 0 : own.filter((node) => node.isOnline && isHealthy(node)).length / own.length
}

/** The instant from which a bad patch on the node shows; undefined where none is on it. */
export function hurtFromMs(node: FleetNode, faults: readonly Fault[]): number | undefined {
  const fromMs = faults.flatMap(({ fault, packageName, version, afterSeconds = 0 }) =>
    fault === 'bad-patch' && packageName !== undefined && versionOn(node, packageName) === version
      ? [node.changedAtMs + afterSeconds * 1000]
      : [],
  )
  return fromMs.length === 0 ? undefined : Math.min(...fromMs)
}

const levels = {
  ErrorRate: { good: 0.5, bad: 8, spread: 0.4, key: 'e' },
  Latency: { good: 80, bad: 220, spread: 12, key: 'l' },
} as const
export type MetricName = keyof typeof levels
export const metricNames: readonly MetricName[] = ['ErrorRate', 'Latency']

/** One sample of a host's metric: per cent of errors or milliseconds; steady within a second, worse where `isBad`. */
export function sampleOf(hostId: string, name: MetricName, atMs: number, isBad: boolean, noise: Noise): number {
  const second = Math.floor(atMs / 1000)
  const { good, bad, spread, key } = levels[name]
  const wobble = noise.chance(`${hostId}${key}${second}`) + noise.chance(`${hostId}${key}${second}b`)
  return (isBad ? bad : good) + spread * wobble
}

/** A sample of a node as it is: worse where the node is unwell or a bad patch is on it. */
export function metricOf(
  node: FleetNode,
  name: MetricName,
  nowMs: number,
  faults: readonly Fault[],
  noise: Noise,
): number {
  const fromMs = hurtFromMs(node, faults)
  const isBad = !isHealthy(node) || (fromMs !== undefined && nowMs >= fromMs)
  return sampleOf(node.hostId, name, nowMs, isBad, noise)
}

/** Every metric of every node that reports, once for each of the node's services. */
export const metricsOf = (
  nodes: readonly FleetNode[],
  metric: (hostId: string, name: MetricName) => number | undefined,
): MetricValue[] =>
  nodes.flatMap((node) =>
    servicesOf(node).flatMap((service) =>
      metricNames.flatMap((name) => {
        const value = metric(node.hostId, name)
        return value === undefined ? [] : [{ hostId: node.hostId, service, name, value }]
      }),
    ),
  )
