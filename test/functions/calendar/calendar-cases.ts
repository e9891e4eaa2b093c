/** What is read of calendars and what is refused: the cases of docs/guides/calendars-read.md, which the test makes of them. */
export interface CalendarCase {
  readonly what: string
  readonly lines: readonly string[]
  /** Lines of the calendar itself, outside of the event. */
  readonly head?: readonly string[]
  /** Closed times from 2026-12-01 to 2027-04-01, to the minute, or a part of why it is refused. */
  readonly closed: readonly string[] | { readonly refused: string }
  /** How the table says it in a word. */
  readonly note?: string
}

const oneHour = 'DURATION:PT1H'
const at = (time: string) => `DTSTART:${time}`
const night = '2026-12-10T20:00/2026-12-10T21:00'
const nightInBerlin = '2026-12-10T19:00/2026-12-10T20:00'
const zone = (name: string, ...parts: readonly string[]) => [
  'BEGIN:VTIMEZONE',
  `TZID:${name}`,
  ...parts,
  'END:VTIMEZONE',
]
const part = (kind: string, start: string, [from, to]: readonly [string, string], ...more: readonly string[]) => [
  `BEGIN:${kind}`,
  `DTSTART:${start}`,
  `TZOFFSETFROM:${from}`,
  `TZOFFSETTO:${to}`,
  ...more,
  `END:${kind}`,
]
const summer: readonly [string, string] = ['+0100', '+0200']
const winter: readonly [string, string] = ['+0200', '+0100']
const europe = (name: string) =>
  zone(
    name,
    ...part('DAYLIGHT', '19810329T020000', summer, 'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3'),
    ...part('STANDARD', '19961027T030000', winter, 'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10'),
  )
const inZone = (name: string) => [`DTSTART;TZID=${name}:20261210T200000`, oneHour]
const plain = [at('20261210T200000Z'), oneHour]
const closedByDefault = ['X-CALENDAR-TYPE:DEFAULT_CLOSED']
const refused = (because: string) => ({ refused: because })
const otherComponent = (name: string, ...lines: readonly string[]) => [`BEGIN:${name}`, ...lines, `END:${name}`]

export const calendarCases: Readonly<Record<string, readonly CalendarCase[]>> = {
  Events: [
    { what: 'a time in UTC with a duration', lines: plain, closed: [night] },
    {
      what: 'a whole day without an end',
      lines: ['DTSTART;VALUE=DATE:20261224'],
      closed: ['2026-12-24T00:00/2026-12-25T00:00'],
    },
    {
      what: 'a whole day that ends on its day',
      lines: ['DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261224'],
      closed: ['2026-12-24T00:00/2026-12-25T00:00'],
    },
    {
      what: 'a whole day of no duration',
      lines: ['DTSTART;VALUE=DATE:20261224', 'DURATION:P0D'],
      closed: ['2026-12-24T00:00/2026-12-25T00:00'],
    },
    { what: 'a bare date', lines: ['DTSTART:20261224'], closed: ['2026-12-24T00:00/2026-12-25T00:00'] },
    {
      what: 'a free (`TRANSPARENT`) event: whole days are written so by default, so it closes',
      lines: [...plain, 'TRANSP:TRANSPARENT'],
      closed: [night],
    },
    { what: 'a tentative event closes', lines: [...plain, 'STATUS:TENTATIVE'], closed: [night] },
    { what: 'a cancelled event does not', lines: [...plain, 'STATUS:CANCELLED'], closed: [] },
    { what: 'a time without an end', lines: [at('20261210T200000Z')], closed: refused('no length') },
    {
      what: 'a time that ends as it starts',
      lines: [at('20261210T200000Z'), 'DTEND:20261210T200000Z'],
      closed: refused('ends before it starts'),
    },
    {
      what: 'an end before the start',
      lines: [at('20261210T200000Z'), 'DTEND:20261209T200000Z'],
      closed: refused('ends before it starts'),
    },
    {
      what: 'an end and a duration',
      lines: [...plain, 'DTEND:20261210T210000Z'],
      closed: refused('both DTEND and DURATION'),
    },
    {
      what: 'a day as start and a time as end',
      lines: ['DTSTART;VALUE=DATE:20261224', 'DTEND:20261225T000000Z'],
      closed: refused('not both days'),
    },
    { what: 'a negative duration', lines: [at('20261210T200000Z'), 'DURATION:-PT1H'], closed: refused('no duration') },
    {
      what: 'a duration of 270,000 years',
      lines: [at('20261210T200000Z'), 'DURATION:P99999999D'],
      closed: refused('no duration'),
    },
    {
      what: 'a duration of more than ten years',
      lines: [at('20261210T200000Z'), 'DURATION:P4000D'],
      closed: refused('no duration'),
    },
    { what: 'a thirteenth month', lines: [at('20261320T200000Z'), oneHour], closed: refused('does not exist') },
    { what: '31 November', lines: [at('20261131T200000Z'), oneHour], closed: refused('does not exist') },
    { what: '29 February of a common year', lines: ['DTSTART;VALUE=DATE:20270229'], closed: refused('does not exist') },
    { what: 'hour 24', lines: [at('20261210T240000Z'), oneHour], closed: refused('does not exist') },
    {
      what: 'a property that is not known',
      lines: [...plain, 'RULE:FREQ=DAILY'],
      closed: refused('RULE, which is not read'),
    },
    { what: 'EXRULE', lines: [...plain, 'EXRULE:FREQ=DAILY'], closed: refused('EXRULE, which is not read') },
    { what: 'two starts', lines: [...plain, at('20261211T200000Z')], closed: refused('DTSTART twice') },
    { what: 'no start', lines: [oneHour], closed: refused('without DTSTART') },
  ],
  Repetition: [
    {
      what: 'the last day of each quarter',
      lines: ['DTSTART;VALUE=DATE:20260930', 'RRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1'],
      closed: ['2026-12-31T00:00/2027-01-01T00:00', '2027-03-31T00:00/2027-04-01T00:00'],
    },
    {
      what: 'the last weekday of each month',
      lines: ['DTSTART;VALUE=DATE:20261030', 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4'],
      closed: ['2026-12-31T00:00/2027-01-01T00:00', '2027-01-29T00:00/2027-01-30T00:00'],
    },
    {
      what: 'places of a week in which it starts, which readers count in two ways',
      lines: ['DTSTART;VALUE=DATE:20261210', 'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1'],
      closed: { refused: 'BYSETPOS can be read in two ways in the week in which the event starts' },
    },
    {
      what: 'a start that its rule does not name closes too',
      lines: ['DTSTART;VALUE=DATE:20261210', 'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=1'],
      closed: ['2026-12-10T00:00/2026-12-11T00:00', '2026-12-14T00:00/2026-12-15T00:00'],
    },
    {
      what: 'a rule with EXDATE, as a time and as a day',
      lines: [...plain, 'RRULE:FREQ=DAILY;COUNT=4', 'EXDATE:20261211T200000Z', 'EXDATE;VALUE=DATE:20261212'],
      closed: [night, '2026-12-13T20:00/2026-12-13T21:00'],
    },
    {
      what: 'RDATE as a time',
      lines: [...plain, 'RDATE:20261215T100000Z'],
      closed: [night, '2026-12-15T10:00/2026-12-15T11:00'],
    },
    {
      what: 'RDATE as periods, with an end and with a duration',
      lines: [...plain, 'RDATE;VALUE=PERIOD:20261215T100000Z/20261215T180000Z,20261216T100000Z/PT3H'],
      closed: [night, '2026-12-15T10:00/2026-12-15T18:00', '2026-12-16T10:00/2026-12-16T13:00'],
    },
    {
      what: 'an occurrence that was moved',
      lines: [
        ...plain,
        'RRULE:FREQ=DAILY;COUNT=2',
        'END:VEVENT',
        'BEGIN:VEVENT',
        'UID:1',
        'RECURRENCE-ID:20261211T200000Z',
        at('20261213T080000Z'),
        oneHour,
      ],
      closed: [night, '2026-12-13T08:00/2026-12-13T09:00'],
    },
    {
      what: 'an occurrence that was cancelled',
      lines: [
        ...plain,
        'RRULE:FREQ=DAILY;COUNT=2',
        'END:VEVENT',
        'BEGIN:VEVENT',
        'UID:1',
        'RECURRENCE-ID:20261211T200000Z',
        at('20261211T200000Z'),
        oneHour,
        'STATUS:CANCELLED',
      ],
      closed: [night],
    },
    {
      what: 'all later occurrences moved (`THISANDFUTURE`)',
      lines: [
        ...plain,
        'RRULE:FREQ=DAILY;COUNT=3',
        'END:VEVENT',
        'BEGIN:VEVENT',
        'UID:1',
        'RECURRENCE-ID;RANGE=THISANDFUTURE:20261211T200000Z',
        at('20261211T220000Z'),
        oneHour,
      ],
      closed: [night, '2026-12-11T22:00/2026-12-11T23:00', '2026-12-12T22:00/2026-12-12T23:00'],
    },
    {
      what: 'the same UID twice: both close',
      lines: [...plain, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:1', 'SEQUENCE:1', at('20261211T200000Z'), oneHour],
      closed: [night, '2026-12-11T20:00/2026-12-11T21:00'],
    },
    { what: 'hourly', lines: [...plain, 'RRULE:FREQ=HOURLY;INTERVAL=6'], closed: refused('more often than daily') },
    {
      what: 'a rule part that is not read',
      lines: [...plain, 'RRULE:FREQ=YEARLY;BYWEEKNO=52'],
      closed: refused('BYWEEKNO is not read'),
    },
    {
      what: 'a day that never comes',
      lines: [...plain, 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
      closed: refused('none of the months'),
    },
    {
      what: 'an impossible exception',
      lines: [...plain, 'RRULE:FREQ=DAILY', 'EXDATE:20261232T200000Z'],
      closed: refused('does not exist'),
    },
  ],
  'Time zones': [
    { what: 'an IANA name without VTIMEZONE', lines: inZone('Europe/Berlin'), closed: [nightInBerlin] },
    { what: 'a Windows name without VTIMEZONE', lines: inZone('W. Europe Standard Time'), closed: [nightInBerlin] },
    {
      what: 'a name of its own with a VTIMEZONE that goes on',
      head: europe('Ours'),
      lines: inZone('Ours'),
      closed: [nightInBerlin],
    },
    {
      what: 'a name of its own that keeps one offset',
      head: zone('Ours', ...part('STANDARD', '19700101T000000', ['+0100', '+0100'])),
      lines: inZone('Ours'),
      closed: [nightInBerlin],
    },
    {
      what: 'an IANA name with a VTIMEZONE of another year: the name counts',
      head: zone(
        'Europe/Berlin',
        ...part('DAYLIGHT', '20250330T020000', summer),
        ...part('STANDARD', '20251026T030000', winter),
      ),
      lines: inZone('Europe/Berlin'),
      closed: [nightInBerlin],
    },
    {
      what: 'floating times with `X-WR-TIMEZONE`: there and in the zones of the windows',
      head: ['X-WR-TIMEZONE:Europe/Berlin'],
      lines: [at('20261210T200000'), oneHour],
      closed: ['2026-12-10T19:00/2026-12-10T21:00'],
    },
    { what: 'a name that nobody knows', lines: inZone('Mars/Olympus'), closed: refused('not known by name') },
    { what: 'a VTIMEZONE without a part', head: zone('Ours'), lines: inZone('Ours'), closed: refused('has 0 parts') },
    {
      what: 'a name of its own with a VTIMEZONE of one year',
      head: zone(
        'Ours',
        ...part('DAYLIGHT', '20260329T020000', summer),
        ...part('STANDARD', '20261025T030000', winter),
      ),
      lines: inZone('Ours'),
      closed: refused('does not say what holds in 2026'),
    },
    {
      what: 'a VTIMEZONE that changes daily since 1601',
      head: zone('Ours', ...part('STANDARD', '16010101T000000', winter, 'RRULE:FREQ=DAILY')),
      lines: inZone('Ours'),
      closed: refused('changes its clock by'),
    },
    {
      what: 'an IANA name with the VTIMEZONE of another zone',
      head: europe('America/New_York'),
      lines: inZone('America/New_York'),
      closed: refused('is not the zone America/New_York'),
    },
    {
      what: 'UTC and a zone at once',
      lines: ['DTSTART;TZID=Europe/Berlin:20261210T200000Z', oneHour],
      closed: refused('as well'),
    },
  ],
  'SSM Change Calendar as text': [
    { what: '`DEFAULT_OPEN`: events close', head: ['X-CALENDAR-TYPE:DEFAULT_OPEN'], lines: plain, closed: [night] },
    {
      what: '`DEFAULT_CLOSED`: events open',
      head: closedByDefault,
      lines: plain,
      closed: ['2026-11-29T00:00/2026-12-10T20:00', '2026-12-10T21:00/2027-04-03T00:00'],
    },
    {
      what: '`DEFAULT_CLOSED`: a cancelled, tentative, free or advisory event opens nothing',
      head: closedByDefault,
      lines: [...plain, 'X-EVENT-TYPE:ADVISORY'],
      closed: ['2026-11-29T00:00/2027-04-03T00:00'],
    },
    {
      what: '`DEFAULT_CLOSED` with an exception that meets no occurrence',
      head: closedByDefault,
      lines: [...plain, 'EXDATE:20261212T200000Z'],
      closed: refused('names no occurrence'),
    },
    {
      what: 'another type',
      head: ['X-CALENDAR-TYPE:DEFAULT_AJAR'],
      lines: plain,
      closed: refused('X-CALENDAR-TYPE is DEFAULT_AJAR'),
    },
    {
      what: 'a type under another name',
      head: ['X-CALENDAR-TIPE:DEFAULT_CLOSED'],
      lines: plain,
      closed: refused('for X-CALENDAR-TYPE to say'),
    },
  ],
  'The text': [
    {
      what: 'a to-do',
      head: otherComponent('VTODO', 'UID:2', at('20261210T200000Z'), 'DUE:20261211T200000Z'),
      lines: plain,
      closed: refused('VTODO, which is no event'),
    },
    {
      what: 'busy time',
      head: otherComponent('VFREEBUSY', 'UID:2', 'FREEBUSY:20261210T200000Z/PT1H'),
      lines: plain,
      closed: refused('VFREEBUSY, which is no event'),
    },
    {
      what: 'a component that is not known',
      head: otherComponent('VFREEZE', at('20261210T200000Z')),
      lines: plain,
      closed: refused('VFREEZE, which is no event'),
    },
    { what: 'a message that cancels', head: ['METHOD:CANCEL'], lines: plain, closed: refused('METHOD is CANCEL') },
    { what: 'vCalendar 1.0', head: ['VERSION:1.0'], lines: plain, closed: refused('VERSION') },
    {
      what: 'another calendar than the Gregorian',
      head: ['CALSCALE:HEBREW'],
      lines: plain,
      closed: refused('CALSCALE is HEBREW'),
    },
    {
      what: 'something that is not a line',
      lines: [...plain, 'nonsense'],
      closed: refused('is no line of a calendar'),
    },
    {
      what: 'a rule that was indented by hand, and so belongs to the line before',
      lines: [...plain, 'SUMMARY:Freeze', ' RRULE:FREQ=DAILY'],
      closed: refused('belongs to the line before'),
    },
  ],
}

/** The text of a case. */
export const icsOf = ({ head = [], lines }: CalendarCase): string => {
  const version = head.some((line) => line.startsWith('VERSION')) ? [] : ['VERSION:2.0']
  return [
    'BEGIN:VCALENDAR',
    ...version,
    'PRODID:x',
    ...head,
    'BEGIN:VEVENT',
    'UID:1',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}
