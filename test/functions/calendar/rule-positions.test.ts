import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { dateOf, dayMs, readWall } from '../../../functions/calendar/civil.ts'
import { readRule } from '../../../functions/calendar/rule.ts'
import { ruleDays, stepsMax } from '../../../functions/calendar/rule-days.ts'
import { Unreadable } from '../../../functions/calendar/unreadable.ts'

const Recorded = z.object({
  from: z.string(),
  until: z.string(),
  records: z.array(z.object({ start: z.string(), rule: z.string(), days: z.array(z.string()) })),
})
const { from, until, records } = Recorded.parse(
  JSON.parse(readFileSync('test/fixtures/calendars/dateutil-positions.json', 'utf8')),
)
const dayOf = (text: string) => readWall(text, 1).wallMs / dayMs
const two = (value: number) => String(value).padStart(2, '0')
const textOf = (day: number) => {
  const { year, month, day: ofMonth } = dateOf(day)
  return `${year}${two(month)}${two(ofMonth)}`
}

const stretch = { fromDay: dayOf(from), untilDay: dayOf(until) }
/** What is read of a rule, or why it is not. */
function daysOf(start: string, rule: string): string[] | string {
  try {
    const days = ruleDays(readRule(rule, 1), dayOf(start), stretch, { steps: stepsMax }).map(textOf)
    return days.filter((day) => day >= from && day <= until)
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    throw error
  }
}

describe('2.3 BYSETPOS against python-dateutil (test/fixtures/calendars/record-positions.py)', () => {
  const read = records.map(({ start, rule, days }) => ({ start, rule, ours: daysOf(start, rule), theirs: days }))

  it('names the very days that it names, for three years of each rule that is read', () => {
    const plain = read.filter(({ ours }) => typeof ours !== 'string')
    expect(plain.map(({ start, rule, ours }) => ({ start, rule, days: ours }))).toEqual(
      plain.map(({ start, rule, theirs }) => ({ start, rule, days: theirs })),
    )
    expect(plain.length).toBeGreaterThan(250)
  })

  it('refuses only weekly rules that start within a week, which readers read in two ways', () => {
    const refused = read.filter(({ ours }) => typeof ours === 'string')
    expect(new Set(refused.map(({ rule }) => /FREQ=(\w+)/.exec(rule)?.[1]))).toEqual(new Set(['WEEKLY']))
    expect(new Set(refused.map(({ ours }) => ours))).toEqual(
      new Set(['BYSETPOS can be read in two ways in the week in which the event starts']),
    )
  })

  it('reads a weekly rule that starts on the first day of its week', () => {
    expect(daysOf('20260202', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2')).toEqual(['20260206', '20260213'])
  })
})
