/**
 * Seeded fleets to plan for: services in layers of dependencies, three zones, mixed durations, shared hosts, conflicts.
 */
import { PlanningProblem } from '../functions/scheduling/index.ts'

export type Variant = 'plain' | 'bandwidth' | 'reboots' | 'windows' | 'everything'

interface Draw {
  /** 0 (included) to 1 (excluded). */
  readonly unit: () => number
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
}

/** The mulberry32 generator: small, and good enough for fleets. */
export function drawFrom(seed: number): Draw {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { unit, between: (least, most) => least + Math.floor(unit() * (most - least + 1)) }
}

interface PlannedService {
  readonly id: string
  readonly layer: number
  readonly hosts: number
  readonly medianSeconds: number
  readonly dependsOn: readonly string[]
}

const zones = ['a', 'b', 'c']
const sites = ['north', 'south', 'east', 'west']
const pad = (value: number, digits: number) => String(value).padStart(digits, '0')

/** Hosts a service has on average, so that larger fleets have more services and larger ones. */
const servicesOf = (hosts: number) => Math.max(4, Math.round(hosts ** 0.55))

function layersOf(hosts: number, { unit, between }: Draw): PlannedService[] {
  const count = servicesOf(hosts)
  const layers = between(3, 6)
  const weights = Array.from({ length: count }, () => Math.exp(2 * unit() + unit()))
  const total = weights.reduce((sum, one) => sum + one, 0)
  const byLayer: string[][] = Array.from({ length: layers }, () => [])
  return weights.map((weight, index): PlannedService => {
    const layer = Math.floor((index * layers) / count)
    const before = byLayer[layer - 1] ?? []
    const dependsOn = Array.from(
      { length: before.length === 0 ? 0 : between(1, 3) },
      () => before[between(0, before.length - 1)] ?? '',
    )
    const id = `service-${pad(index, 4)}`
    byLayer[layer]?.push(id)
    return {
      id,
      layer,
      hosts: Math.max(1, Math.round((hosts * weight) / total)),
      medianSeconds: between(300, 1_500),
      dependsOn: [...new Set(dependsOn)],
    }
  })
}

function limitsFor({ hosts }: PlannedService, { unit, between }: Draw) {
  const maxUnavailable = Math.max(1, Math.floor((hosts * between(5, 20)) / 100))
  if (unit() < 0.5 || maxUnavailable < 3) return { maxUnavailable }
  return { maxUnavailable, maxUnavailablePerZone: Math.ceil(maxUnavailable * (unit() < 0.5 ? 0.34 : 0.5)) }
}

/** A planning problem of about `hosts` hosts; the same seed gives the same problem. */
export function instanceOf(hostsWanted: number, seed: number, variant: Variant = 'plain'): PlanningProblem {
  const draw = drawFrom(seed * 7_919 + hostsWanted)
  const { unit, between } = draw
  const services = layersOf(hostsWanted, draw)
  const byLayer = Map.groupBy(services, ({ layer }) => layer)
  const hosts = services
    .flatMap((service) =>
      Array.from({ length: service.hosts }, () => {
        const peers = byLayer.get(service.layer) ?? []
        const extra = unit() < 0.1 ? (unit() < 0.2 ? 2 : 1) : 0
        const others: string[] = Array.from(
          { length: extra },
          () => peers[between(0, peers.length - 1)]?.id ?? service.id,
        )
        return {
          services: [...new Set([service.id, ...others])],
          zone: zones[between(0, 2)] ?? 'a',
          site: sites[between(0, 3)] ?? 'north',
          ring: 'production',
          durationSeconds: Math.round(service.medianSeconds * Math.exp(0.9 * (unit() + unit() + unit() - 1.5))),
          bytes: Math.round(50e6 * Math.exp(3 * unit())),
          ...(unit() < 0.3 ? { dueSeconds: between(3_600, 200_000) } : {}),
        }
      }),
    )
    .map((host, index) => ({ id: `i-${pad(index, 6)}`, ...host }))
  const hasWindows = variant === 'windows' || variant === 'everything'
  const workSeconds = hosts.reduce((sum, one) => sum + one.durationSeconds, 0)
  const concurrency = Math.max(2, Math.round((hosts.length * 2 ** between(1, 3)) / 100))
  const bytes = hosts.reduce((sum, one) => sum + one.bytes, 0)
  const aboutSeconds = Math.max(workSeconds / concurrency, 10_000)
  const shift = between(0, 12) * 3_600
  return PlanningProblem.parse({
    hosts,
    services: services.map((service) => {
      const { id, dependsOn } = service
      return {
        id,
        dependsOn,
        ...limitsFor(service, draw),
        ...(hasWindows && unit() < 0.7 ? { windows: nights(shift + (unit() < 0.3 ? 3_600 : 0), between(4, 6)) } : {}),
      }
    }),
    conflicts: hosts.flatMap((host, index) => {
      const other = hosts[index + 1]
      return other && unit() < 0.02 && other.services.some((id) => host.services.includes(id))
        ? [[host.id, other.id]]
        : []
    }),
    concurrency,
    ...(variant === 'bandwidth' || variant === 'everything'
      ? {
          bandwidthBytesPerSecond: Object.fromEntries(
            sites.map((site) => [site, (bytes / 4 / aboutSeconds) * (0.7 + unit())]),
          ),
        }
      : {}),
    ...(variant === 'reboots' || variant === 'everything'
      ? { rebootsPerSecond: (hosts.length / aboutSeconds) * (0.8 + unit()) }
      : {}),
  })
}

const nights = (startSeconds: number, hours: number) =>
  Array.from({ length: 400 }, (_, day) => ({
    startSeconds: startSeconds + day * 86_400,
    endSeconds: startSeconds + day * 86_400 + hours * 3_600,
  }))
