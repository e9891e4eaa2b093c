/** A calendar's own definition of a time zone (RFC 5545, 3.6.5), trusted as far as it says what holds. */
import { dateOf, dayMs, dayOf, readWall } from './civil.ts'
import { type Component, onlyProperty, type Property } from './content-lines.ts'
import { type Rule, readRule } from './rule.ts'
import { ruleDays } from './rule-days.ts'
import { Unreadable } from './unreadable.ts'

export interface DefinedZone {
  readonly name: string
  readonly line: number
  /** `X-LIC-LOCATION`: the IANA zone that its author took it from. */
  readonly location: string | undefined
  /** What local time is ahead of UTC; undefined where the definition does not reach. */
  offsetMsAt(instantMs: number): number | undefined
}

interface Observance {
  readonly fromMs: number
  readonly toMs: number
  readonly startMs: number
  /** Onsets without a rule, as instants. */
  readonly onsets: readonly number[]
  readonly rule: Rule | undefined
  /** Time of day of the onset, on the clock of the offset before. */
  readonly timeMs: number
}

const observancesMax = 200
const datesMax = 1_000
/** Last Sundays and the like come every year; a rule that skips years is looked back for this far. */
const yearsBack = 2

const propertiesRead = ['DTSTART', 'TZOFFSETFROM', 'TZOFFSETTO', 'RRULE', 'RDATE']
const propertiesIgnored = ['TZNAME', 'COMMENT', 'TZID', 'LAST-MODIFIED', 'TZURL', 'TZUNTIL', 'TZID-ALIAS-OF']

/**
 * The zone that a VTIMEZONE defines.
 *
 * @throws Unreadable where it has no STANDARD or DAYLIGHT part, or one that is not understood.
 */
export function readZone(component: Component): DefinedZone {
  const { line, components } = component
  const name = onlyProperty(component, 'TZID')?.value ?? ''
  if (name === '') throw new Unreadable('a VTIMEZONE without TZID', line)
  const remedy = 'take the VTIMEZONE out and name a zone of IANA, e.g. Europe/Berlin'
  refuseUnknown(component)
  if (components.length === 0 || components.length > observancesMax)
    throw new Unreadable(
      `VTIMEZONE ${name} has ${components.length} parts, 1 to ${observancesMax} are read`,
      line,
      remedy,
    )
  const observances = components.map(readObservance)
  return { name, line, location: onlyProperty(component, 'X-LIC-LOCATION')?.value, offsetMsAt: offsetsOf(observances) }
}

function refuseUnknown({ name, properties }: Component): void {
  const other = properties.find(
    (one) => !propertiesRead.includes(one.name) && !propertiesIgnored.includes(one.name) && !one.name.startsWith('X-'),
  )
  if (other) throw new Unreadable(`${name} has the unknown property ${other.name}`, other.line)
}

function readObservance(component: Component): Observance {
  const { name, line, components, properties } = component
  if (name !== 'STANDARD' && name !== 'DAYLIGHT') throw new Unreadable(`a VTIMEZONE holds ${name}`, line)
  if (components[0]) throw new Unreadable(`${name} holds ${components[0].name}`, components[0].line)
  refuseUnknown(component)
  const start = needed(component, 'DTSTART')
  const fromMs = offsetOf(needed(component, 'TZOFFSETFROM'))
  const toMs = offsetOf(needed(component, 'TZOFFSETTO'))
  const wallMs = localOf(start.value, start)
  const dates = properties
    .filter((one) => one.name === 'RDATE')
    .flatMap((one) => one.value.split(',', datesMax).map((text) => localOf(text, one)))
  const rule = onlyProperty(component, 'RRULE')
  return {
    fromMs,
    toMs,
    startMs: wallMs - fromMs,
    onsets: [wallMs, ...dates].map((ms) => ms - fromMs),
    rule: rule && yearlyRule(rule),
    timeMs: ((wallMs % dayMs) + dayMs) % dayMs,
  }
}

function needed(component: Component, name: string): Property {
  const property = onlyProperty(component, name)
  if (!property) throw new Unreadable(`${component.name} has no ${name}`, component.line)
  return property
}

function localOf(text: string, { name, line }: Property): number {
  const { wallMs, isDate, isUtc } = readWall(text, line)
  if (isDate || isUtc) throw new Unreadable(`${name} of a VTIMEZONE is no local time`, line)
  return wallMs
}

function offsetOf({ name, value, line }: Property): number {
  const [, sign, hours, minutes, seconds = '0'] = /^([+-])(\d{2})(\d{2})(\d{2})?$/.exec(value) ?? []
  if (sign === undefined || Number(hours) > 18 || Number(minutes) > 59 || Number(seconds) > 59)
    throw new Unreadable(`${name} is "${value.slice(0, 40)}", not like +0100`, line)
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return sign === '-' ? 0 - ms : ms
}

/** Clocks are changed once a year on a day that every year has: whatever else a rule says is no rule of a time zone. */
function yearlyRule({ value, line }: Property): Rule {
  const rule = readRule(value, line)
  const { frequency, interval, count, months, weekdays, monthDays, positions } = rule
  const isOfMonth = months.length === 1 && weekdays.length <= 1 && positions.length === 0
  const isPlain = months.length === 0 && weekdays.length === 0 && monthDays.length === 0 && positions.length === 0
  if (frequency !== 'YEARLY' || interval !== 1 || count !== undefined || !(isOfMonth || isPlain))
    throw new Unreadable(`a VTIMEZONE changes its clock by ${value.slice(0, 60)}`, line)
  return rule
}

interface Onset {
  readonly atMs: number
  readonly offsetMs: number
}

/** The last onset before a year and all up to the end of the next. */
function onsetsAround(observances: readonly Observance[], year: number): Onset[] {
  const [startMs, endMs] = [dayOf(year, 1, 1) * dayMs, dayOf(year + 2, 1, 1) * dayMs]
  const onsets = observances
    .flatMap((observance) =>
      [...observance.onsets, ...ruleOnsets(observance, year + 1)].map((atMs) => ({ atMs, offsetMs: observance.toMs })),
    )
    .filter(({ atMs }) => atMs < endMs)
    .toSorted((left, right) => left.atMs - right.atMs)
  return onsets.slice(
    Math.max(
      0,
      onsets.findLastIndex(({ atMs }) => atMs < startMs),
    ),
  )
}

function ruleOnsets({ rule, startMs, fromMs, timeMs }: Observance, year: number): number[] {
  if (!rule) return []
  const startDay = Math.floor((startMs + fromMs) / dayMs)
  const stretch = { fromDay: dayOf(year - yearsBack, 1, 1), untilDay: dayOf(year, 12, 31) }
  const untilMs =
    rule.until === undefined ? Number.POSITIVE_INFINITY : rule.until.wallMs - (rule.until.isUtc ? 0 : fromMs)
  return ruleDays(rule, startDay, stretch, { steps: 1_000 })
    .map((day) => day * dayMs + timeMs - fromMs)
    .filter((atMs) => atMs <= untilMs)
}

/** The offset after the last onset; undefined before the first, and after the last of a definition that does not go on. */
function offsetsOf(observances: readonly Observance[]): DefinedZone['offsetMsAt'] {
  const offsets = new Set(observances.map(({ toMs }) => toMs))
  const [offsetMs] = offsets
  if (offsets.size === 1 && observances.every(({ fromMs }) => fromMs === offsetMs)) return () => offsetMs
  const endless = observances.flatMap(({ rule, startMs }) => (rule && !rule.until ? [startMs] : []))
  const [firstMs = Number.POSITIVE_INFINITY, secondMs = Number.POSITIVE_INFINITY] = endless.toSorted(
    (left, right) => left - right,
  )
  const known = new Map<number, readonly Onset[]>()
  const onsetsIn = (year: number) => {
    const onsets = known.get(year) ?? onsetsAround(observances, year)
    known.set(year, onsets)
    return onsets
  }
  return (instantMs) => {
    const onsets = onsetsIn(dateOf(Math.floor(instantMs / dayMs)).year)
    const last = onsets.findLast(({ atMs }) => atMs <= instantMs)
    const isSettled = offsets.size === 1 || secondMs <= instantMs
    const isBetween = instantMs < firstMs && onsets.some(({ atMs }) => atMs > instantMs)
    return isSettled || isBetween ? last?.offsetMs : undefined
  }
}
