/** `drydock calendar`: when a calendar or a service is closed, and whether work may start. */
import { readFileSync } from 'node:fs'
import { SSMClient } from '@aws-sdk/client-ssm'
import type { Command } from 'commander'
import { ssmCalendarStates } from '../../functions/aws/calendar-state.ts'
import { systemClock } from '../../functions/aws/runtime.ts'
import {
  type CalendarReadings,
  type Closed,
  closedSpans,
  horizonDays,
  mayStart,
  NamedCalendar,
  readCalendars,
  windowSpans,
} from '../../functions/calendar/index.ts'
import { type Catalogue, CatalogueRecord, nearest, type Service } from '../../functions/catalogue/index.ts'
import { keys } from '../../functions/kit/keys.ts'
import { isoInstant } from '../../functions/kit/time.ts'
import { connect } from '../connection.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'
import { renderCalendar } from '../render-calendar.ts'

interface ShowOptions {
  readonly service?: string
  readonly at?: string
  readonly days: string
  readonly minutes: string
  readonly zone: string
  readonly json: boolean
}

/** What is shown: a service of the catalogue, or a file that stands in for one. */
interface Shown {
  readonly title: string
  readonly service: string
  readonly windows: Service['windows']
  readonly freezes: Catalogue['freezes']
  readonly calendars: Catalogue['calendars']
  readonly readings?: CalendarReadings
  /** The time zone in which a file's whole days are read, as if a service had a window there. */
  readonly zone?: string
}

const dayMs = 86_400_000
const changesMax = 60

export function addCalendar(program: Command) {
  const calendar = program.command('calendar').description('when work may start, and what is in the way')
  calendar
    .command('show [file]', { isDefault: true })
    .description(
      'closed times and go or hold, of an iCalendar file or of a service; exits 6 on hold, 3 when the file cannot be read',
    )
    .option('--service <name>', 'a service of the catalogue in force: its windows, freezes and calendars')
    .option('--at <instant>', 'ISO 8601 with offset; default: now')
    .option('--days <n>', `days to show, at most ${horizonDays}`, '14')
    .option('--minutes <n>', 'how long the work takes', '1')
    .option('--zone <zone>', "time zone in which a file's whole days are read", 'UTC')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock calendar show freeze.ics --zone Europe/Berlin --at 2026-12-24T12:00:00Z')
    .action(async (file: string | undefined, options: ShowOptions) => {
      if ((file === undefined) === (options.service === undefined))
        throw new Ended(exitCodes.usage, 'name a file or --service, not both')
      const nowMs = instantOf(options.at)
      const days = countOf('--days', options.days, horizonDays)
      const minutes = countOf('--minutes', options.minutes, horizonDays * 1440)
      const shown =
        file === undefined
          ? await shownService(program.opts<{ stack: string }>().stack, options.service ?? '', nowMs)
          : shownFile(file, options.zone)
      show(shown, { nowMs, untilMs: nowMs + days * dayMs, minutes, json: options.json, isFile: file !== undefined })
    })
}

interface Showing {
  readonly nowMs: number
  readonly untilMs: number
  readonly minutes: number
  readonly json: boolean
  readonly isFile: boolean
}

function show(shown: Shown, { nowMs, untilMs, minutes, json, isFile }: Showing): void {
  const { title, service, windows, zone, ...closers } = shown
  const inZone = zone === undefined ? windows : [allDay(zone)]
  const question = { ...closers, services: [{ name: service, windows: inZone }] }
  const verdict = mayStart({
    ...question,
    service,
    windows: inZone,
    nowIso: isoInstant(nowMs),
    durationSeconds: minutes * 60,
  })
  const read = closedSpans({ ...question, fromMs: nowMs, untilMs })
  const closed: readonly Closed[] = 'unreadable' in read ? [] : read
  const open = windows.length === 0 ? undefined : windowSpans(windows, nowMs, untilMs)
  if (json)
    printJson({
      of: title,
      at: isoInstant(nowMs),
      ...verdict,
      closed: closed.map(readable),
      ...(open ? { windows: open.map(readable) } : {}),
    })
  else if (!('unreadable' in read)) print(renderCalendar({ title, verdict, closed, open, fromMs: nowMs, untilMs }))
  if ('unreadable' in read) throw new Ended(isFile ? exitCodes.policy : exitCodes.held, json ? '' : read.unreadable)
  if (verdict.verdict === 'hold') throw new Ended(exitCodes.held)
}

const readable = ({ startMs, endMs, ...rest }: { startMs: number; endMs: number; name?: string }) => ({
  from: isoInstant(startMs),
  until: isoInstant(endMs),
  ...(rest.name === undefined ? {} : { by: rest.name }),
})

/** A window that is always open, so that a file is read in its zone. */
const allDay = (timeZone: string): Service['windows'][number] => ({
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  start: '00:00',
  durationMinutes: 1440,
  timeZone,
})

function shownFile(file: string, zone: string): Shown {
  const calendar = NamedCalendar.safeParse({ name: file, ics: readFileSync(file === '-' ? 0 : file, 'utf8') })
  if (!calendar.success) throw new Ended(exitCodes.policy, `${file} is too large for a calendar`)
  try {
    windowSpans([allDay(zone)], 0, 1)
  } catch {
    throw new Ended(exitCodes.usage, `--zone ${zone} is not a time zone; give an IANA name, e.g. Europe/Berlin`)
  }
  return { title: file, service: file, windows: [], freezes: [], calendars: [calendar.data], zone }
}

async function shownService(stack: string, name: string, nowMs: number): Promise<Shown> {
  const { ledger, client } = await connect(stack)
  const catalogue = (await ledger.read(CatalogueRecord, keys.catalogue()))?.value
  if (!catalogue) throw new Ended(exitCodes.error, 'no catalogue is loaded')
  const service = catalogue.services.find((one) => one.name === name)
  const meant = nearest(
    name,
    catalogue.services.map((one) => one.name),
  )
  if (!service)
    throw new Ended(exitCodes.usage, `no service ${name} in the catalogue${meant ? `; did you mean ${meant}?` : ''}`)
  const { freezes, calendars } = catalogue
  const concerned = calendars.filter(({ services }) => services.length === 0 || services.includes(name))
  const states = ssmCalendarStates({ changesMax, timeoutMs: 15_000 }, new SSMClient(client('SSM')))
  const readings = await readCalendars(concerned, states, nowMs)
  return { title: `service ${name}`, service: name, windows: service.windows, freezes, calendars, readings }
}

function instantOf(text: string | undefined): number {
  if (text === undefined) return systemClock.nowMs()
  const ms = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new Ended(
      exitCodes.usage,
      `--at ${text} is not an instant; give ISO 8601 with offset, e.g. 2026-12-24T12:00:00Z`,
    )
  return ms
}

function countOf(option: string, text: string, most: number): number {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > most) throw new Ended(exitCodes.usage, `${option} ${text} is not between 1 and ${most}`)
  return count
}
