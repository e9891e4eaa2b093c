import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runVerb } from './run-verb.ts'

const folder = mkdtempSync(join(tmpdir(), 'drydock-calendar-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const calendar = (...lines: readonly string[]) =>
  `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'END:VCALENDAR'].join('\n')}\n`
const event = (...lines: readonly string[]) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT']
const holidays = file('holidays.ics', calendar(...event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227')))
const show = (...words: readonly string[]) => runVerb('calendar', 'show', ...words)

describe('2.3 drydock calendar show', () => {
  it('says hold and until when, in the zone asked for, and ends with 6', async () => {
    const { status, stdout } = await show(holidays, '--zone', 'Europe/Berlin', '--at', '2026-12-23T23:30:00Z', '--json')
    expect(status).toBe(6)
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      of: holidays,
      at: '2026-12-23T23:30:00.000Z',
      verdict: 'hold',
      because: `in calendar ${holidays}`,
      until: '2026-12-26T23:00:00.000Z',
      closed: [{ from: '2026-12-23T23:00:00.000Z', until: '2026-12-26T23:00:00.000Z', by: `calendar ${holidays}` }],
    })
  })

  it('says go before it, and ends with 0', async () => {
    const { status, stdout } = await show(holidays, '--at', '2026-12-20T12:00:00+01:00', '--json')
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { verdict: 'go', at: '2026-12-20T11:00:00.000Z' }])
  })

  it('holds work that would run into a closed time', async () => {
    const { status } = await show(holidays, '--at', '2026-12-23T23:30:00Z', '--minutes', '60')
    expect(status).toBe(6)
  })

  it('draws a line of hours for each day', async () => {
    const { stdout } = await show(holidays, '--zone', 'Europe/Berlin', '--at', '2026-12-23T12:00:00Z', '--days', '4')
    expect(stdout).toContain('2026-12-23 23:00  2026-12-26 23:00')
    expect(stdout).toContain('2026-12-23  .......................#')
    expect(stdout).toContain('2026-12-24  ########################')
    expect(stdout).toContain('2026-12-26  #######################.')
  })

  it('refuses a file that cannot be read with 3, its line and what to do', async () => {
    const bad = file('bad.ics', calendar(...event('DTSTART:20261320T000000Z', 'DURATION:PT1H')))
    const { status, stderr } = await show(bad)
    expect(status).toBe(3)
    expect(stderr).toContain('line 6: 20261320T000000Z does not exist on any calendar or clock; correct the date')
    expect((await show(bad, '--json')).stdout).toContain('"verdict":"hold"')
  })

  it.each([
    [[], 'name a file or --service'],
    [[holidays, '--service', 'web'], 'name a file or --service'],
    [['/no/such.ics'], 'no such file'],
    [[holidays, '--at', 'tomorrow'], 'is not an instant'],
    [[holidays, '--at', '2026-12-24T12:00:00'], 'is not an instant'],
    [[holidays, '--days', '401'], 'not between 1 and 400'],
    [[holidays, '--zone', 'Mars/Olympus'], 'is not a time zone'],
  ])('%j ends with 64', async (words, text) => {
    const { status, stderr, stdout } = await show(...words)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain(text)
  })
})

describe('2.3 drydock catalogue check', () => {
  const example = readFileSync('policy/catalogue.example.yaml', 'utf8')
  const withCalendar = (text: string) =>
    file('catalogue.yaml', `${example}calendars:\n  - name: ops\n    ics: |\n${text.replace(/^(?=.)/gm, '      ')}`)
  const check = (path: string, ...words: readonly string[]) =>
    runVerb('catalogue', 'check', path, 'policy/policy.yaml', ...words)
  const nightly = (count: number) =>
    Array.from({ length: count }, (_, hour) =>
      event(`DTSTART:20260101T${String(hour % 24).padStart(2, '0')}0000Z`, 'DURATION:PT30M', 'RRULE:FREQ=DAILY'),
    ).flat()

  it('shows the next five closures of each calendar', async () => {
    const { status, stdout } = await check(withCalendar(calendar(...nightly(3))), '--json')
    const { isRight, calendars } = JSON.parse(stdout)
    expect([status, isRight]).toEqual([0, true])
    expect(calendars).toEqual([{ name: 'ops', nextClosures: expect.any(Array) }])
    expect(calendars[0].nextClosures).toHaveLength(5)
  })

  it('refuses what a run would refuse when it expands the calendar', async () => {
    const { status, stderr } = await check(withCalendar(calendar(...nightly(48))))
    expect(status).toBe(3)
    expect(stderr).toContain('split the calendar')
  })

  it('names the line of the file where the calendar stands as a block', async () => {
    const path = withCalendar(calendar(...event('DTSTART:20261320T000000Z', 'DURATION:PT1H')))
    const { status, stderr } = await check(path)
    const line =
      readFileSync(path, 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('20261320')) + 1
    expect(status).toBe(3)
    expect(stderr).toContain(`${path}:${line}:1: calendars.0.ics: `)
    expect(stderr).toContain('in line 6 of it; correct the date')
  })
})
