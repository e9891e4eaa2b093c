export { type CalendarVerdict, mayStart, mayStartOnAll, nextOpening } from './calendar.ts'
export { Freeze, NamedCalendar } from './freeze.ts'
export { type ClosedSpan, checkIcs, icsSpans } from './ics.ts'
export { Window } from './window.ts'
