import { describe, expect, it } from 'vitest'
import { onlyProperty, readComponents } from '../../../functions/calendar/content-lines.ts'
import { anyComponent } from './any-text.ts'

const propertyOf = (...lines: readonly string[]) => anyComponent('X', lines).properties[0]
const withX = (...lines: readonly string[]) => ['BEGIN:X', ...lines, 'END:X'].join('\n')

describe('2.3 readComponents', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('ends a line at %s', (_, end) => {
    const [component] = readComponents(['\uFEFFBEGIN:X', 'A:1', '', 'B:2', 'END:X', ''].join(end))
    expect(component?.properties.map(({ value }) => value)).toEqual(['1', '2'])
  })

  it('folds a line that starts with a space or a tab into the one before, without that character', () => {
    expect(propertyOf('A:on', ' e', '\t two')).toMatchObject({ value: 'one two', line: 2 })
  })

  it('nests components, and keeps the properties of each', () => {
    const outer = anyComponent('A', ['P:1', 'begin:b', 'Q:2', 'END:B'])
    expect(outer).toMatchObject({
      properties: [{ name: 'P' }],
      components: [{ name: 'B', properties: [{ name: 'Q' }] }],
    })
  })

  it('takes colons and semicolons in quotes as part of a parameter', () => {
    const property = propertyOf('a;b="x:y;z,\'";c=1,"2:",3:value:more')
    expect(property).toMatchObject({ name: 'A', value: 'value:more' })
    expect([...(property?.parameters ?? [])]).toEqual([
      ['B', "x:y;z,'"],
      ['C', '1,"2:",3'],
    ])
  })

  it.each([
    ['a line without a colon', withX('nothing'), 2, /is no line of a calendar/],
    ['a parameter without a value', withX('A;B:1'), 2, /is no line of a calendar/],
    ['a quote that does not end', withX('A;B="1:2'), 2, /is no line of a calendar/],
    ['a parameter twice', withX('A;B=1;b=2:3'), 2, /A has B twice/],
    ['an END of another', 'BEGIN:X\nEND:Y', 2, /END:Y ends X/],
    ['text outside', 'A:1', 1, /outside of BEGIN:VCALENDAR/],
    ['text that is cut off', 'BEGIN:X\nA:1', 1, /X has no end/],
    ['an indented property, which would fold', withX('A:1', '  RRULE:FREQ=DAILY'), 3, /starts with a space/],
    ['an indented first line', ' BEGIN:X', 1, /starts with a space/],
    ['more than four levels', 'BEGIN:A\nBEGIN:B\nBEGIN:C\nBEGIN:D\nBEGIN:E', 5, /deeper than 4/],
  ])('refuses %s, with its line', (_, text, line, because) => {
    expect(() => readComponents(text)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(because), line }),
    )
  })

  it('refuses a text that is too long to read', () => {
    expect(() => readComponents('A'.repeat(1_000_001))).toThrow(/characters/)
    expect(() => readComponents('\n'.repeat(30_001))).toThrow(/lines/)
  })
})

describe('2.3 onlyProperty', () => {
  const component = anyComponent('X', ['A:1', 'B:2', 'B:3'])

  it('finds the one of a name, or none', () => {
    expect([onlyProperty(component, 'A')?.value, onlyProperty(component, 'C')]).toEqual(['1', undefined])
  })

  it('refuses the second', () => {
    expect(() => onlyProperty(component, 'B')).toThrow(expect.objectContaining({ message: 'X has B twice', line: 4 }))
  })
})
