/** One VEVENT (RFC 5545, 3.6.1) as a value; a property that could move or end it and is not read is refused. */

import { dayMs } from './civil.ts'
import { type Component, onlyProperty, type Property } from './content-lines.ts'
import { checkParameters, type Duration, durationDaysMax, type Moment, readDuration, readMoment } from './date-time.ts'
import { type Rule, readRule } from './rule.ts'
import { Unreadable } from './unreadable.ts'
import type { Zones } from './zone.ts'

/** How long an event lasts, as its author wrote it. */
export type Length = { readonly end: Moment } | { readonly duration: Duration }

/** A time with a length. */
export interface Occurrence {
  readonly start: Moment
  readonly length: Length
}

export interface CalendarEvent extends Occurrence {
  readonly uid: string | undefined
  readonly line: number
  readonly isCancelled: boolean
  /** Confirmed, busy, and no mere advice: what a calendar that is closed by default needs to open. */
  readonly isFirm: boolean
  readonly rule: { readonly rule: Rule; readonly line: number } | undefined
  readonly added: readonly Occurrence[]
  readonly excepted: readonly Moment[]
  /** Which occurrence of the event with the same UID this one stands for. */
  readonly replaces: { readonly moment: Moment; readonly isAndFuture: boolean } | undefined
}

const propertiesRead = ['DTSTART', 'DTEND', 'DURATION', 'RRULE', 'RDATE', 'EXDATE', 'RECURRENCE-ID', 'STATUS', 'UID']
/** Properties of RFC 5545, 7986, 9073 and 9253 that say nothing of when. */
const propertiesIgnored = [
  ...['ATTACH', 'ATTENDEE', 'CALENDAR-ADDRESS', 'CATEGORIES', 'CLASS', 'COLOR', 'COMMENT', 'CONCEPT', 'CONFERENCE'],
  ...['CONTACT', 'CREATED', 'DESCRIPTION', 'DTSTAMP', 'GEO', 'IMAGE', 'LAST-MODIFIED', 'LINK', 'LOCATION', 'NAME'],
  ...['ORGANIZER', 'PRIORITY', 'REFID', 'RELATED-TO', 'REQUEST-STATUS', 'RESOURCES', 'SEQUENCE', 'SOURCE', 'TRANSP'],
  ...['STRUCTURED-DATA', 'STYLED-DESCRIPTION', 'SUMMARY', 'URL'],
]

/**
 * The event that a VEVENT is.
 *
 * @throws Unreadable where it has no start or no length, or anything about its time is not understood.
 */
export function readEvent(component: Component, zones: Zones): CalendarEvent {
  const { line, properties, components } = component
  refuseUnknown(component)
  const alien = components.find(({ name }) => name !== 'VALARM')
  if (alien) throw new Unreadable(`an event holds ${alien.name}`, alien.line)
  const startProperty = onlyProperty(component, 'DTSTART')
  if (!startProperty) throw new Unreadable('an event without DTSTART', line)
  const start = momentOf(startProperty, zones)
  const rule = onlyProperty(component, 'RRULE')
  const length = lengthOf(component, start, zones)
  const replaces = replacedBy(component, start, zones)
  const dates = properties.filter(({ name }) => name === 'RDATE')
  if (replaces && (rule || dates.length > 0))
    throw new Unreadable('an event with RECURRENCE-ID repeats by itself', replaces.line, 'give it a UID of its own')
  return {
    uid: onlyProperty(component, 'UID')?.value,
    line,
    start,
    length,
    isCancelled: statusOf(component) === 'CANCELLED',
    isFirm: isFirm(component),
    rule: rule && { rule: readRule(rule.value, rule.line), line: rule.line },
    added: dates.flatMap((property) => addedBy(property, { start, length }, zones)),
    excepted: properties.filter(({ name }) => name === 'EXDATE').flatMap((property) => momentsOf(property, zones)),
    replaces: replaces?.what,
  }
}

function refuseUnknown({ properties }: Component): void {
  const other = properties.find(
    ({ name }) => !propertiesRead.includes(name) && !propertiesIgnored.includes(name) && !name.startsWith('X-'),
  )
  if (other) throw new Unreadable(`an event has the property ${other.name}, which is not read`, other.line)
}

const statusOf = (component: Component) => onlyProperty(component, 'STATUS')?.value.trim().toUpperCase()

function isFirm(component: Component): boolean {
  const is = (name: string, word: string) =>
    component.properties.every((one) => one.name !== name || one.value.trim().toUpperCase() === word)
  return is('STATUS', 'CONFIRMED') && is('TRANSP', 'OPAQUE') && is('X-EVENT-TYPE', 'STANDARD')
}

function momentOf(property: Property, zones: Zones): Moment {
  checkParameters(property)
  return readMoment(property, property.value.trim(), zones)
}

function momentsOf(property: Property, zones: Zones): Moment[] {
  checkParameters(property)
  return property.value.split(',').map((text) => readMoment(property, text.trim(), zones))
}

function lengthOf(component: Component, start: Moment, zones: Zones): Length {
  const end = onlyProperty(component, 'DTEND')
  const duration = onlyProperty(component, 'DURATION')
  if (end && duration)
    throw new Unreadable('an event has both DTEND and DURATION', duration.line, 'leave one of them out')
  if (duration) return checkedDuration(readDuration(duration.value.trim(), duration.line), start, duration.line)
  if (end) return checkedEnd(momentOf(end, zones), start, end.line)
  if (start.isDate) return { duration: { days: 1, seconds: 0 } }
  throw new Unreadable('an event has no length', component.line, 'give it DTEND or DURATION')
}

/** A whole day that ends on the day it starts is one day: many programs write it so. */
function checkedDuration(duration: Duration, start: Moment, line: number): Length {
  const isNothing = duration.days === 0 && duration.seconds === 0
  if (start.isDate && isNothing) return { duration: { days: 1, seconds: 0 } }
  if (start.isDate && duration.seconds > 0)
    throw new Unreadable('an event of whole days lasts hours', line, 'write P1D')
  if (isNothing) throw new Unreadable('an event has no length', line, 'give it a DURATION')
  return { duration }
}

function checkedEnd(end: Moment, start: Moment, line: number): Length {
  if (end.isDate !== start.isDate) throw new Unreadable('DTSTART and DTEND are not both days or both times', line)
  if ((end.zone === undefined) !== (start.zone === undefined))
    throw new Unreadable('only one of DTSTART and DTEND has a time zone', line)
  if (end.isDate && end.wallMs === start.wallMs) return { duration: { days: 1, seconds: 0 } }
  const isElsewhere = end.zone?.name !== start.zone?.name
  if (end.wallMs <= start.wallMs - (isElsewhere ? dayMs : 0))
    throw new Unreadable('an event ends before it starts, or as it starts', line, 'correct DTEND')
  if (end.wallMs - start.wallMs > durationDaysMax * dayMs)
    throw new Unreadable(`an event lasts longer than ${durationDaysMax} days`, line, 'correct DTEND')
  return { end }
}

function replacedBy(component: Component, start: Moment, zones: Zones) {
  const property = onlyProperty(component, 'RECURRENCE-ID')
  if (!property) return undefined
  checkParameters(property, ['RANGE'])
  const range = property.parameters.get('RANGE')?.toUpperCase()
  if (range !== undefined && range !== 'THISANDFUTURE')
    throw new Unreadable(`RANGE=${range} is not read`, property.line)
  const moment = readMoment(property, property.value.trim(), zones)
  if (range && (moment.isDate !== start.isDate || moment.zone?.name !== start.zone?.name))
    throw new Unreadable('RECURRENCE-ID and DTSTART are in different time zones', property.line)
  return { what: { moment, isAndFuture: range !== undefined }, line: property.line }
}

/** RDATE: days or times with the event's length, or periods with their own. */
function addedBy(property: Property, event: Occurrence, zones: Zones): Occurrence[] {
  const { parameters, value, line } = property
  checkParameters(property)
  if (parameters.get('VALUE')?.toUpperCase() === 'PERIOD')
    return value.split(',').map((text) => periodOf(property, text, zones))
  return momentsOf(property, zones).map((start) => {
    if (start.isDate !== event.start.isDate)
      throw new Unreadable('DTSTART and RDATE are not both days or both times', line)
    if ('duration' in event.length) return { start, length: event.length }
    const lastsMs = event.length.end.wallMs - event.start.wallMs
    if (event.length.end.zone?.name !== event.start.zone?.name)
      throw new Unreadable('RDATE of an event that ends in another time zone is not read', line)
    return { start, length: { end: { ...start, wallMs: start.wallMs + lastsMs } } }
  })
}

function periodOf(property: Property, text: string, zones: Zones): Occurrence {
  const { line } = property
  const [from = '', to = '', ...more] = text.trim().split('/')
  if (more.length > 0) throw new Unreadable(`"${text.slice(0, 40)}" is no period`, line)
  const start = readMoment(property, from, zones)
  if (start.isDate) throw new Unreadable('a period starts without a time', line)
  if (/^[+P]/.test(to)) return { start, length: checkedDuration(readDuration(to, line), start, line) }
  return { start, length: checkedEnd(readMoment(property, to, zones), start, line) }
}
