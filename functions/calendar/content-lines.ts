/** The grammar of iCalendar (RFC 5545, 3.1): folded lines, properties with parameters, components within components. */
import { Unreadable } from './unreadable.ts'

export interface Property {
  /** In capitals. */
  readonly name: string
  readonly parameters: ReadonlyMap<string, string>
  readonly value: string
  /** Line of the text, from 1. */
  readonly line: number
}

export interface Component {
  /** In capitals. */
  readonly name: string
  readonly line: number
  readonly properties: Property[]
  readonly components: Component[]
}

const charactersMax = 1_000_000
const linesMax = 30_000
const depthMax = 4
const parametersMax = 50

const none: ReadonlyMap<string, string> = new Map()
const namePattern = /[A-Za-z0-9-]+/y
const plainPattern = /[^";:,]*/y
/** By the standard such a line is the end of a text; far more likely it was indented by hand, and would close nothing. */
const indented =
  /^[ \t]+(?:(?:BEGIN|END):V|(?:DTSTART|DTEND|DURATION|RRULE|RDATE|RECURRENCE-ID|EXDATE|STATUS|X-CALENDAR-TYPE)[;:])/i
const quotedPattern = /"[^"]*"/y

/**
 * The outermost components of a text.
 *
 * @throws Unreadable at the first line that is no content line, and where BEGIN and END do not match.
 */
export function readComponents(ics: string): Component[] {
  if (ics.length > charactersMax)
    throw new Unreadable(`${ics.length} characters, ${charactersMax} are read`, undefined, 'split the calendar')
  const outermost: Component[] = []
  const open: Component[] = []
  for (const { text, line } of unfolded(ics)) {
    const property = propertyOf(text, line)
    const name = property.value.trim().toUpperCase()
    const parent = open.at(-1)
    if (property.name === 'BEGIN') {
      const component: Component = { name, line, properties: [], components: [] }
      const siblings = parent ? parent.components : outermost
      siblings.push(component)
      if (open.push(component) > depthMax) throw new Unreadable(`components nest deeper than ${depthMax}`, line)
    } else if (!parent) throw new Unreadable('text outside of BEGIN:VCALENDAR and END:VCALENDAR', line)
    else if (property.name !== 'END') parent.properties.push(property)
    else if (open.pop()?.name !== name) throw new Unreadable(`END:${name} ends ${parent.name}`, line)
  }
  const unended = open.at(-1)
  if (unended) throw new Unreadable(`${unended.name} has no end: the text is cut off`, unended.line)
  return outermost
}

/** Logical lines with the number of their first physical line; LF, CRLF and CR all end a line, as files in YAML have any. */
function unfolded(ics: string): { readonly text: string; readonly line: number }[] {
  const physical = ics.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, linesMax + 1)
  if (physical.length > linesMax) throw new Unreadable(`more than ${linesMax} lines`, linesMax, 'split the calendar')
  const lines: { text: string; line: number }[] = []
  for (const [index, text] of physical.entries()) {
    const last = lines.at(-1)
    if (text === '') continue
    if (text.startsWith(' ') || text.startsWith('\t')) {
      if (text.trim() === '') continue
      if (!last || indented.test(text))
        throw new Unreadable(
          'the line starts with a space, so it belongs to the line before',
          index + 1,
          'take the indent away',
        )
      last.text += text.slice(1)
    } else lines.push({ text, line: index + 1 })
  }
  return lines
}

/** The match of a sticky pattern at a place. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function propertyOf(text: string, line: number): Property {
  const notOne = () => new Unreadable(`"${text.slice(0, 40)}" is no line of a calendar`, line)
  const name = matchAt(namePattern, text, 0)
  if (name === undefined) throw notOne()
  let at = name.length
  if (text[at] === ':') return { name: name.toUpperCase(), parameters: none, value: text.slice(at + 1), line }
  const parameters = new Map<string, string>()
  while (text[at] === ';') {
    const key = matchAt(namePattern, text, at + 1)?.toUpperCase()
    if (key === undefined || text[at + 1 + key.length] !== '=' || parameters.size >= parametersMax) throw notOne()
    if (parameters.has(key)) throw new Unreadable(`${name} has ${key} twice`, line)
    const start = at + key.length + 2
    at = endOfValues(text, start)
    parameters.set(key, text.slice(start, at).replace(/^"([^"]*)"$/, '$1'))
  }
  if (text[at] !== ':') throw notOne()
  return { name: name.toUpperCase(), parameters, value: text.slice(at + 1), line }
}

/** Behind the last of the comma-separated values of a parameter. */
function endOfValues(text: string, start: number): number {
  let at = start
  for (;;) {
    at += (matchAt(quotedPattern, text, at) ?? matchAt(plainPattern, text, at) ?? '').length
    if (text[at] !== ',') return at
    at++
  }
}

/** The only property of a name; undefined: there is none. */
export function onlyProperty({ name: owner, properties }: Component, name: string): Property | undefined {
  const [first, second] = properties.filter((property) => property.name === name)
  if (second) throw new Unreadable(`${owner} has ${name} twice`, second.line)
  return first
}
