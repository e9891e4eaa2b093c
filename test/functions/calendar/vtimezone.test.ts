import { describe, expect, it } from 'vitest'
import { readZone } from '../../../functions/calendar/vtimezone.ts'
import { anyComponent, berlinLines } from './any-text.ts'

const hourMs = 3_600_000
const zone = (lines: readonly string[]) => readZone(anyComponent('VTIMEZONE', lines))
const standard = (...lines: readonly string[]) => [
  'BEGIN:STANDARD',
  'DTSTART:20200101T000000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0100',
  ...lines,
  'END:STANDARD',
]
const instead = (line: string, other: string) => ['TZID:Z', ...standard().map((one) => (one === line ? other : one))]

describe('2.3 readZone', () => {
  it.each([
    ['2026-01-15T00:00:00Z', 1],
    ['2026-03-29T00:59:59Z', 1],
    ['2026-03-29T01:00:00Z', 2],
    ['2026-10-25T00:59:59Z', 2],
    ['2026-10-25T01:00:00Z', 1],
  ])('at %s is %s h ahead of UTC where its rules are those of Berlin', (at, hours) => {
    expect(zone(berlinLines('B')).offsetMsAt(Date.parse(at))).toBe(hours * hourMs)
  })

  it('holds at all times where nothing ever changes', () => {
    const { offsetMsAt } = zone(['TZID:Z', ...standard()])
    expect([offsetMsAt(Date.parse('1990-01-01T00:00:00Z')), offsetMsAt(Date.parse('2090-01-01T00:00:00Z'))]).toEqual([
      hourMs,
      hourMs,
    ])
  })

  it('does not say what holds before its first change, nor after the last where it does not go on', () => {
    const once = (name: string, at: string, from: string, to: string) => [
      `BEGIN:${name}`,
      `DTSTART:${at}`,
      `TZOFFSETFROM:${from}`,
      `TZOFFSETTO:${to}`,
      `END:${name}`,
    ]
    const { offsetMsAt } = zone([
      'TZID:Z',
      ...once('DAYLIGHT', '20260329T020000', '+0100', '+0200'),
      ...once('STANDARD', '20261025T030000', '+0200', '+0100'),
    ])
    const at = (iso: string) => offsetMsAt(Date.parse(iso))
    expect([at('2026-01-01T00:00:00Z'), at('2026-06-01T00:00:00Z'), at('2027-06-01T00:00:00Z')]).toEqual([
      undefined,
      2 * hourMs,
      undefined,
    ])
  })

  it('does not say what holds while only one of its two rules has begun', () => {
    const lines = berlinLines('B').map((line) => line.replace('DTSTART:19701025', 'DTSTART:20261025'))
    const at = (iso: string) => zone(lines).offsetMsAt(Date.parse(iso))
    expect([at('2024-12-01T00:00:00Z'), at('2026-12-01T00:00:00Z')]).toEqual([undefined, hourMs])
  })

  it('keeps the place that its author took it from', () => {
    expect(zone(berlinLines('B', 'X-LIC-LOCATION:Europe/Berlin')).location).toBe('Europe/Berlin')
  })

  it.each([
    ['no name', standard(), /without TZID/],
    ['no part', ['TZID:Z'], /has 0 parts/],
    ['a part of another kind', ['TZID:Z', 'BEGIN:SUMMER', 'END:SUMMER'], /holds SUMMER/],
    ['an unknown property', ['TZID:Z', 'OFFSET:1', ...standard()], /unknown property OFFSET/],
    ['a start in UTC', instead('DTSTART:20200101T000000', 'DTSTART:20200101T000000Z'), /no local time/],
    ['no offset', instead('TZOFFSETTO:+0100', 'TZNAME:X'), /has no TZOFFSETTO/],
    ['an offset without a sign', instead('TZOFFSETTO:+0100', 'TZOFFSETTO:0100'), /not like \+0100/],
    ['an offset beyond a day', instead('TZOFFSETTO:+0100', 'TZOFFSETTO:+1900'), /not like \+0100/],
    ['a clock that changes monthly', ['TZID:Z', ...standard('RRULE:FREQ=MONTHLY')], /changes its clock by/],
    [
      'a clock that changes every second year',
      ['TZID:Z', ...standard('RRULE:FREQ=YEARLY;INTERVAL=2')],
      /changes its clock by/,
    ],
  ])('refuses a definition with %s', (_, lines, because) => {
    expect(() => zone(lines)).toThrow(because)
  })
})
