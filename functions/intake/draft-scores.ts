/** Checks the scores of a draft: malformed ones are dropped and flagged, never read as zero. */
import { type CvssVector, cleanText, type Finding } from '../finding/index.ts'
import type { Draft, DraftCvss } from './draft.ts'
import { numberOf, textOf } from './fields.ts'

const vectorsMax = 20
const vectorMax = 256
const prefixed = /^CVSS:(3\.0|3\.1|4\.0)\/((?:[A-Z]{1,3}:[A-Za-z]{1,6}\/){3,40}[A-Z]{1,3}:[A-Za-z]{1,6})$/
const second = /^\(?((?:[A-Z][A-Za-z]{0,2}:[A-Z]{1,3}\/){5,13}[A-Z][A-Za-z]{0,2}:[A-Z]{1,3})\)?$/

/** The readable vectors; flags `cvss-malformed` for others (B12, B13). */
export function checkCvss(drafts: readonly DraftCvss[]): { cvss: CvssVector[]; flags: string[] } {
  const kept = new Map<string, CvssVector>()
  const flags: string[] = []
  for (const draft of drafts.slice(0, vectorsMax)) {
    const checked = checkVector(draft)
    if (checked) kept.set(`${checked.vector} ${checked.source}`, checked)
    else flags.push('cvss-malformed')
  }
  return { cvss: [...kept.values()], flags }
}

function checkVector(draft: DraftCvss): CvssVector | undefined {
  const vector = textOf(draft.vector)
  const score = numberOf(draft.score)
  if (vector === undefined || vector.length > vectorMax || score === undefined || score < 0 || score > 10)
    return undefined
  const version = versionOf(vector)
  if (version === undefined) return undefined
  return { version, vector, score, source: cleanText(textOf(draft.source) ?? 'UNKNOWN', 64).text || 'UNKNOWN' }
}

/** Cache: few vectors are in use, so most findings bring a known one. Emptied when full. */
const versions = new Map<string, string | undefined>()
const versionsMax = 4_096

function versionOf(vector: string): string | undefined {
  if (versions.has(vector)) return versions.get(vector)
  const version = versionRead(vector)
  if (versions.size >= versionsMax) versions.clear()
  versions.set(vector, version)
  return version
}

function versionRead(vector: string): string | undefined {
  const [, version, metrics] = prefixed.exec(vector) ?? [undefined, '2.0', second.exec(vector)?.[1]]
  if (metrics === undefined) return undefined
  const names = metrics.split('/').map((metric) => metric.split(':', 1)[0])
  return new Set(names).size === names.length ? version : undefined
}

/** A probability from 0 to 1, or nothing. */
export function checkEpss(stated: unknown): { epss?: number; flags: string[] } {
  if (stated === undefined || stated === null) return { flags: [] }
  const epss = numberOf(stated)
  return epss === undefined || epss < 0 || epss > 1 ? { flags: ['epss-malformed'] } : { epss, flags: [] }
}

const protocolName = /^[A-Za-z0-9-]{1,16}$/

/** An open port range; flags `port-range-malformed` if unreadable. */
export function checkReachability(draft: Draft['reachability']): {
  reachability?: NonNullable<Finding['reachability']>
  flags: string[]
} {
  if (!draft) return { flags: [] }
  const protocol = textOf(draft.protocol)
  const fromPort = numberOf(draft.fromPort)
  const toPort = numberOf(draft.toPort)
  const isRange = isPort(fromPort) && isPort(toPort) && fromPort <= toPort
  if (!isRange || protocol === undefined || !protocolName.test(protocol)) return { flags: ['port-range-malformed'] }
  return { reachability: { protocol: protocol.toUpperCase(), fromPort, toPort }, flags: [] }
}

const isPort = (port: number | undefined): port is number =>
  port !== undefined && Number.isInteger(port) && port >= 0 && port <= 65_535
