import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ianaName, instantOf, instantsOf, utc, yearOf, Zones, zoneAsked } from '../../../functions/calendar/zone.ts'
import { anyComponent, berlinLines } from './any-text.ts'

const berlin = zoneAsked('Europe/Berlin')
const wall = (text: string) => Date.parse(`${text}Z`)
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const definedAs = (...lines: readonly string[]) => new Zones([anyComponent('VTIMEZONE', lines)])

describe('2.3 instantOf', () => {
  it.each([
    ['in winter', '2026-01-15T12:00', '2026-01-15T11:00'],
    ['in summer', '2026-07-15T12:00', '2026-07-15T10:00'],
    ['that the clock shows twice is the first', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['that the clock never shows lies as far behind the gap', '2026-03-29T02:30', '2026-03-29T01:30'],
  ])('a time %s', (_, local, instant) => {
    expect(iso(instantOf(wall(local), berlin))).toBe(instant)
  })

  it('gives back the time on the clock, but for a time in a gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: wall('2026-01-01T00:00'), max: wall('2026-12-31T00:00') }), (wallMs) => {
        const instant = instantOf(wallMs, berlin)
        const isInGap = wallMs >= wall('2026-03-29T02:00') && wallMs < wall('2026-03-29T03:00')
        if (!isInGap) expect(instant + berlin.offsetMsAt(instant)).toBe(wallMs)
      }),
    )
  })
})

describe('2.3 instantsOf', () => {
  it.each([
    ['once', '2026-07-15T12:00', ['2026-07-15T10:00', '2026-07-15T10:00']],
    ['twice', '2026-10-25T02:30', ['2026-10-25T00:30', '2026-10-25T01:30']],
    ['never', '2026-03-29T02:30', ['2026-03-29T00:30', '2026-03-29T01:30']],
  ])('spans all that a time may mean which the clock shows %s', (_, local, instants) => {
    expect(instantsOf(wall(local), berlin).map(iso)).toEqual(instants)
  })

  it('holds the one that instantOf takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: wall('2026-03-28T00:00'), max: wall('2026-03-31T00:00') }), (wallMs) => {
        const [earliest, latest] = instantsOf(wallMs, berlin)
        expect([earliest, latest]).toContain(instantOf(wallMs, berlin))
        expect(earliest).toBeLessThanOrEqual(latest)
      }),
    )
  })
})

describe('2.3 ianaName', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['Atlantis', undefined],
    ['+01:00', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s means %s', (name, iana) => {
    expect(ianaName(name)).toBe(iana)
  })
})

describe('2.3 Zones', () => {
  it('takes a definition for a name that nobody else knows', () => {
    const zone = definedAs(...berlinLines('Office')).named('Office')
    expect(zone.offsetMsAt(wall('2026-07-01T00:00'))).toBe(7_200_000)
  })

  it('refuses a definition that is not the zone of its name, once a time differs', () => {
    const zone = definedAs(...berlinLines('Europe/London')).named('Europe/London')
    expect(() => zone.offsetMsAt(wall('2026-07-01T00:00'))).toThrow(
      'VTIMEZONE Europe/London is not the zone Europe/London',
    )
  })

  it('refuses a definition that is not the place it names', () => {
    const zone = definedAs(...berlinLines('Office', 'X-LIC-LOCATION:Asia/Tokyo')).named('Office')
    expect(() => zone.offsetMsAt(wall('2026-07-01T00:00'))).toThrow(/is not the zone Asia\/Tokyo/)
  })

  it('refuses a name that nobody knows, a second definition, and an eleventh zone', () => {
    const component = anyComponent('VTIMEZONE', berlinLines('Office'))
    expect(() => new Zones([]).named('Office', 7)).toThrow(expect.objectContaining({ line: 7 }))
    expect(() => new Zones([component, component])).toThrow(/defined twice/)
    const zones = new Zones([])
    for (let hour = 1; hour <= 10; hour++) zones.named(`Etc/GMT+${hour}`)
    expect(() => zones.named('Etc/UTC')).toThrow(/more than 10 time zones/)
    expect(zones.named('Etc/GMT+1').name).toBe('Etc/GMT+1')
  })

  it('refuses times in more years than it looks up', () => {
    const zone = new Zones([]).named('Europe/Berlin')
    const look = (years: number) => {
      for (let year = 0; year < years; year++) zone.offsetMsAt(wall(`${1980 + year}-07-01T00:00`))
    }
    look(40)
    expect(() => look(41)).toThrow(/too many years/)
  })
})

describe('2.3 zoneAsked', () => {
  it('refuses a zone that nobody knows', () => {
    expect(() => zoneAsked('Atlantis')).toThrow('the time zone Atlantis is not known')
  })
})

describe('2.3 yearOf', () => {
  it('is the year in UTC', () => {
    expect([yearOf(wall('2025-12-31T23:59')), yearOf(wall('2026-01-01T00:00')), utc.offsetMsAt(0)]).toEqual([
      2025, 2026, 0,
    ])
  })
})
