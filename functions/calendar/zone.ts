/** Time zones as offsets at instants: by IANA name, by Windows name (CLDR), or by the calendar's own VTIMEZONE. */
import { Temporal } from 'temporal-polyfill'
import { dateOf, dayMs, dayOf } from './civil.ts'
import type { Component } from './content-lines.ts'
import { Unreadable } from './unreadable.ts'
import { type DefinedZone, readZone } from './vtimezone.ts'
import { windowsZones } from './windows-zones.ts'

export interface Zone {
  readonly name: string
  /** What local time is ahead of UTC. */
  offsetMsAt(instantMs: number): number
}

export const utc: Zone = { name: 'UTC', offsetMsAt: () => 0 }

/** Zones of one calendar; an eleventh is refused, because each costs some milliseconds to look up. */
const zonesMax = 10
/** Years for which offsets are looked up, over all zones of a calendar. */
const yearsMax = 40

/**
 * The instant at which a zone's clock shows a time: the first where the clock shows it twice; where it never does, as far
 * behind the gap as the time stands behind its start (RFC 5545, 3.3.5).
 */
export function instantOf(wallMs: number, zone: Zone): number {
  const before = zone.offsetMsAt(wallMs - dayMs)
  const after = zone.offsetMsAt(wallMs + dayMs)
  for (const offsetMs of before === after ? [] : [before, after])
    if (zone.offsetMsAt(wallMs - offsetMs) === offsetMs) return wallMs - offsetMs
  return wallMs - before
}

/**
 * The earliest and the latest instant that a time on a zone's clock may mean: two where the clock shows it twice or never,
 * which readers of calendars take differently.
 */
export function instantsOf(wallMs: number, zone: Zone): readonly [earliest: number, latest: number] {
  const before = zone.offsetMsAt(wallMs - dayMs)
  const after = zone.offsetMsAt(wallMs + dayMs)
  const found = before === after ? [wallMs - before] : [wallMs - before, wallMs - after]
  const shown = found.filter((instantMs) => zone.offsetMsAt(instantMs) === wallMs - instantMs)
  const meant = shown.length === 0 ? found : shown
  return [Math.min(...meant), Math.max(...meant)]
}

interface Year {
  readonly startMs: number
  readonly endMs: number
  readonly startOffsetMs: number
  readonly changes: readonly { readonly atMs: number; readonly offsetMs: number }[]
}

export const yearOf = (instantMs: number): number => dateOf(Math.floor(instantMs / dayMs)).year

// Offsets of the past and of the next years are the same for every caller, so they are looked up once in a process.
const remembered = new Map<string, Year>()
const rememberedMax = 2_000

function lookUp(name: string, year: number): Year {
  const startMs = dayOf(year, 1, 1) * dayMs
  const start = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(name)
  const endMs = dayOf(year + 1, 1, 1) * dayMs
  const changes: { atMs: number; offsetMs: number }[] = []
  for (let next = start.getTimeZoneTransition('next'); next; next = next.getTimeZoneTransition('next')) {
    if (next.epochMilliseconds >= endMs) break
    changes.push({ atMs: next.epochMilliseconds, offsetMs: next.offsetNanoseconds / 1e6 })
  }
  return { startMs, endMs, startOffsetMs: start.offsetNanoseconds / 1e6, changes }
}

function yearIn(name: string, year: number): Year {
  const key = `${name} ${year}`
  const known = remembered.get(key) ?? lookUp(name, year)
  if (remembered.size >= rememberedMax) remembered.clear()
  remembered.set(key, known)
  return known
}

/** The IANA zone that a name means; undefined for any other name, and for a bare offset. */
export function ianaName(name: string): string | undefined {
  const meant = Object.hasOwn(windowsZones, name) ? windowsZones[name] : name
  if (meant === undefined || !/^[A-Za-z][A-Za-z0-9._+/-]{0,60}$/.test(meant)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(meant).timeZoneId
  } catch {
    return undefined
  }
}

/** The zones that a calendar and its reader use, with a bound on the work that they may cause. */
export class Zones {
  readonly #defined = new Map<string, DefinedZone>()
  readonly #named = new Map<string, Zone>()
  readonly #years = new Set<string>()

  /** @param components every VTIMEZONE of the calendar; one that cannot be understood is refused, used or not. */
  constructor(components: readonly Component[]) {
    for (const component of components) {
      const zone = readZone(component)
      if (this.#defined.has(zone.name)) throw new Unreadable(`VTIMEZONE ${zone.name} is defined twice`, component.line)
      this.#defined.set(zone.name, zone)
    }
  }

  /**
   * The zone of a TZID.
   *
   * @throws Unreadable where neither a VTIMEZONE nor IANA nor Windows knows it.
   */
  named(name: string, line?: number): Zone {
    const known = this.#named.get(name)
    if (known) return known
    if (this.#named.size >= zonesMax)
      throw new Unreadable(`more than ${zonesMax} time zones`, line, 'split the calendar or write times in UTC')
    const defined = this.#defined.get(name)
    const iana = ianaName(name) ?? (defined?.location === undefined ? undefined : ianaName(defined.location))
    const zone = this.#zoneOf(name, iana, defined, line)
    this.#named.set(name, zone)
    return zone
  }

  #zoneOf(name: string, iana: string | undefined, defined: DefinedZone | undefined, line: number | undefined): Zone {
    const remedy = 'name a zone of IANA (Europe/Berlin) or of Windows, or write times in UTC'
    if (iana === undefined) {
      if (!defined) throw new Unreadable(`time zone ${name} has no VTIMEZONE and is not known by name`, line, remedy)
      return { name, offsetMsAt: (instantMs) => offsetOrThrow(defined, instantMs, remedy) }
    }
    const offsetIn = offsetsOf(iana, (year) => this.#countYear(iana, year))
    if (!defined) return { name, offsetMsAt: offsetIn }
    const offsetMsAt = (instantMs: number) => {
      const offsetMs = offsetIn(instantMs)
      const own = defined.offsetMsAt(instantMs)
      if (own !== undefined && own !== offsetMs)
        throw new Unreadable(
          `VTIMEZONE ${name} is not the zone ${iana}`,
          defined.line,
          'take one of its offsets or its name',
        )
      return offsetMs
    }
    return { name, offsetMsAt }
  }

  #countYear(iana: string, year: number): void {
    if (this.#years.add(`${iana} ${year}`).size > yearsMax)
      throw new Unreadable('times lie in too many years and time zones', undefined, 'split the calendar')
  }
}

/** The offsets of an IANA zone; `onYear` is told of each year that is looked up. */
function offsetsOf(iana: string, onYear: (year: number) => void = () => {}): Zone['offsetMsAt'] {
  let year: Year | undefined
  return (instantMs) => {
    if (!year || instantMs < year.startMs || instantMs >= year.endMs) {
      const number = yearOf(instantMs)
      onYear(number)
      year = yearIn(iana, number)
    }
    return year.changes.findLast(({ atMs }) => atMs <= instantMs)?.offsetMs ?? year.startOffsetMs
  }
}

/**
 * A zone that whoever asks is in.
 *
 * @throws Unreadable where it is not known.
 */
export function zoneAsked(name: string): Zone {
  const iana = ianaName(name)
  if (iana === undefined) throw new Unreadable(`the time zone ${name} is not known`)
  return { name: iana, offsetMsAt: offsetsOf(iana) }
}

function offsetOrThrow(zone: DefinedZone, instantMs: number, remedy: string): number {
  const offsetMs = zone.offsetMsAt(instantMs)
  if (offsetMs === undefined)
    throw new Unreadable(`VTIMEZONE ${zone.name} does not say what holds in ${yearOf(instantMs)}`, zone.line, remedy)
  return offsetMs
}
