import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { icsSpans } from '../../../functions/calendar/ics.ts'
import { sentenceOf } from '../../../functions/calendar/unreadable.ts'
import { type CalendarCase, calendarCases, icsOf } from './calendar-cases.ts'

const range = { fromMs: Date.UTC(2026, 11, 1), untilMs: Date.UTC(2027, 3, 1), zones: [] }
const minute = (ms: number) => new Date(ms).toISOString().slice(0, 16)
const answerOf = (one: CalendarCase): readonly string[] | { readonly refused: string } => {
  const read = icsSpans(icsOf(one), range)
  if ('unreadable' in read) return { refused: sentenceOf(read) }
  return read.map(({ startMs, endMs }) => `${minute(startMs)}/${minute(endMs)}`)
}

const page = '../../../docs/guides/calendars-read.md'
const cell = (text: string) => text.replaceAll('|', '\\|')
const code = (lines: readonly string[]) => lines.map((line) => `\`${cell(line)}\``).join('<br>')

function rowOf(one: CalendarCase): string {
  const answer = answerOf(one)
  const shown =
    'refused' in answer
      ? `refused: ${answer.refused}`
      : `closed ${answer.map((span) => span.replace('/', ' to ')).join('; ') || 'never'}`
  return `| ${cell(one.what)} | ${code([...(one.head ?? []), ...one.lines])} | ${cell(shown)} |`
}

const pageText = () =>
  [
    '# What is read of calendars, and what is refused',
    '',
    'Made by `test/functions/calendar/calendars-read.test.ts`, which fails when this page is stale; `npx vitest run --project unit',
    'test/functions/calendar/calendars-read.test.ts --update` makes it anew. Times are UTC, from 1 December 2026 to 1 April 2027, for',
    'services without windows. A calendar that is refused counts as closed. See [calendars](calendars.md).',
    ...Object.entries(calendarCases).flatMap(([title, cases]) => [
      '',
      `## ${title}`,
      '',
      '| Input | Lines | Answer |',
      '| --- | --- | --- |',
      ...cases.map(rowOf),
    ]),
    '',
  ].join('\n')

describe('2.3 what is read of calendars', () => {
  const cases = Object.values(calendarCases).flat()

  it.each(cases.map((one) => [one.what, one] as const))('I20 %s', (_, one) => {
    const answer = answerOf(one)
    if ('refused' in one.closed) expect(answer).toEqual({ refused: expect.stringContaining(one.closed.refused) })
    else expect(answer).toEqual(one.closed)
  })

  it('names the line of whatever it refuses', () => {
    const refusals = cases.map(answerOf).flatMap((answer) => ('refused' in answer ? [answer.refused] : []))
    expect(refusals.filter((refusal) => !/^line \d+: /.test(refusal))).toEqual([])
  })

  it('stands on the page of the docs as it is', async () => {
    await expect(pageText()).toMatchFileSnapshot(page)
  })
})

describe('2.3 the text of a calendar', () => {
  const one = { what: 'x', lines: ['DTSTART:20261210T200000Z', 'DURATION:PT1H', 'SUMMARY:a long line'], closed: [] }
  const ics = icsOf(one)
  const spans = icsSpans(ics, range)

  it.each([
    ['a byte order mark', `\uFEFF${ics}`],
    ['lines that end with LF', ics.replaceAll('\r\n', '\n')],
    ['lines that end with CR', ics.replaceAll('\r\n', '\r')],
    ['folded lines', ics.replaceAll('T2', 'T\r\n 2').replaceAll('long', 'lo\r\n\tng')],
    ['names in small letters', ics.replace('DTSTART', 'dtstart').replaceAll('VEVENT', 'vevent')],
    ['two calendars in one stream', ics + ics.replaceAll('VEVENT', 'VEVENT')],
    ['an alarm', ics.replace('END:VEVENT', 'BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\nEND:VEVENT')],
  ])('is read with %s', (_, text) => {
    const read = icsSpans(text, range)
    expect('unreadable' in read ? read : [...new Set(read.map(({ startMs }) => startMs))]).toEqual(
      'unreadable' in spans ? [] : spans.map(({ startMs }) => startMs),
    )
  })

  it.each([
    ['nothing', ''],
    ['a calendar without events', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n'],
    ['HTML', '<html><body>Sign in</body></html>'],
    ['a calendar that is cut off', ics.slice(0, -30)],
    ['text behind its end', `${ics}more`],
    ['an event outside of a calendar', 'BEGIN:VEVENT\r\nDTSTART:20261210T200000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n'],
    ['ten thousand components in each other', 'BEGIN:VCALENDAR\r\n'.repeat(10_000)],
    ['an event in an event', ics.replace('SUMMARY', 'BEGIN:VEVENT\r\nEND:VEVENT\r\nSUMMARY')],
  ])('I20 is refused with %s', (_, text) => {
    expect(icsSpans(text, range)).toHaveProperty('unreadable')
  })

  it("reads SSM's new calendar by its type: the VTODO in it is a placeholder", () => {
    const fresh = (type: string) =>
      `BEGIN:VCALENDAR\r\nPRODID:-//AWS//Change Calendar 1.0//EN\r\nVERSION:2.0\r\n${type}X-WR-CALDESC:\r\nBEGIN:VTODO\r\nDTSTAMP:20200320T004207Z\r\nUID:3b5a\r\nSUMMARY:Add events to this calendar.\r\nEND:VTODO\r\nEND:VCALENDAR\r\n`
    expect(icsSpans(fresh('X-CALENDAR-TYPE:DEFAULT_OPEN\r\n'), range)).toEqual([])
    expect(icsSpans(fresh('X-CALENDAR-TYPE:DEFAULT_CLOSED\r\n'), range)).toHaveLength(1)
    expect(icsSpans(fresh(''), range)).toHaveProperty('unreadable')
  })
})

describe('2.3 a judge that Drydock did not write', () => {
  const recorded = JSON.parse(readFileSync('test/fixtures/calendars/recurring-ical-events.json', 'utf8'))

  it('icalendar and recurring-ical-events name no closed time that is open here', () => {
    const { fromMs, untilMs, records } = recorded
    expect(records.length).toBeGreaterThanOrEqual(100)
    let same = 0
    for (const { ics, spans } of records) {
      const read = icsSpans(ics, { fromMs, untilMs, zones: ['Europe/Berlin'] })
      if ('unreadable' in read) throw new Error(`${read.unreadable}\n${ics}`)
      for (const [startMs, endMs] of spans)
        expect(
          read.some((mine) => mine.startMs <= startMs && mine.endMs >= endMs),
          ics,
        ).toBe(true)
      // Each start is one of theirs: nothing is closed that they leave open, but for the hour that a changed clock adds.
      const starts = new Set(spans.map(([startMs]: [number]) => startMs))
      expect(read.filter(({ startMs }) => !starts.has(startMs))).toEqual([])
      if (read.every(({ endMs }) => spans.some(([, theirs]: [number, number]) => theirs === endMs))) same++
    }
    expect(same).toBeGreaterThan(records.length * 0.9)
  })
})
