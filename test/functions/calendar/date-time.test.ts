import { describe, expect, it } from 'vitest'
import { checkParameters, readDuration, readMoment } from '../../../functions/calendar/date-time.ts'
import { Zones } from '../../../functions/calendar/zone.ts'
import { anyComponent } from './any-text.ts'

function property(line: string) {
  const [found] = anyComponent('X', [line]).properties
  if (!found) throw new Error(line)
  return found
}
const moment = (line: string) => {
  const read = property(line)
  return readMoment(read, read.value, new Zones([]))
}

describe('2.3 readMoment', () => {
  it.each([
    ['floating without a zone', 'D:20261224T200000', undefined],
    ['in UTC with Z', 'D:20261224T200000Z', 'UTC'],
    ['in the zone of its TZID', 'D;TZID=Europe/Berlin:20261224T200000', 'Europe/Berlin'],
    ['in a zone of Windows', 'D;TZID=W. Europe Standard Time:20261224T200000', 'W. Europe Standard Time'],
  ])('is %s', (_, line, zone) => {
    expect(moment(line).zone?.name).toBe(zone)
  })

  it('is a whole day without a time', () => {
    expect(moment('D;VALUE=DATE:20261224')).toMatchObject({ isDate: true, zone: undefined })
  })

  it.each([
    ['a day that says it is a time', 'D;VALUE=DATE-TIME:20261224', /says VALUE=DATE-TIME/],
    ['a time that says it is a day', 'D;VALUE=DATE:20261224T200000', /says VALUE=DATE/],
    ['a day with a zone', 'D;TZID=Europe/Berlin:20261224', /whole day and names a time zone/],
    ['UTC with a zone', 'D;TZID=Europe/Berlin:20261224T200000Z', /names Europe\/Berlin as well/],
    ['a zone that nobody knows', 'D;TZID=Atlantis:20261224T200000', /Atlantis/],
  ])('refuses %s', (_, line, because) => {
    expect(() => moment(line)).toThrow(because)
  })
})

describe('2.3 checkParameters', () => {
  it('lets through what it is told of, and anything private', () => {
    expect(() => checkParameters(property('D;VALUE=DATE;TZID=Z;X-OWN=1;RANGE=A:1'), ['RANGE'])).not.toThrow()
  })

  it('refuses a parameter that could change what a date means', () => {
    expect(() => checkParameters(property('D;RANGE=A:1'))).toThrow('D has the unknown parameter RANGE')
  })
})

describe('2.3 readDuration', () => {
  it.each([
    ['P1D', { days: 1, seconds: 0 }],
    ['P2W', { days: 14, seconds: 0 }],
    ['+PT90M', { days: 0, seconds: 5_400 }],
    ['P1DT1H1M1S', { days: 1, seconds: 3_661 }],
    ['P0D', { days: 0, seconds: 0 }],
  ])('reads %s', (text, duration) => {
    expect(readDuration(text, 1)).toEqual(duration)
  })

  it.each(['', 'P', 'PT', 'P1', '-P1D', 'P1DT', 'P1W2D', 'P1M', 'PT1.5H', 'P3661D', 'PT87900H'])(
    'refuses "%s"',
    (text) => {
      expect(() => readDuration(text, 1)).toThrow(/is no duration that is read/)
    },
  )
})
