import { describe, expect, it } from 'vitest'
import type { CalendarStates } from '../../../functions/calendar/ports.ts'
import type { CalendarReading } from '../../../functions/calendar/reading.ts'
import { anyService, catalogueOf } from './any-catalogue.ts'
import { simulate } from './simulation.ts'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const closesMs = startMs + 630_000
const opensMs = closesMs + 86_400_000
const catalogue = catalogueOf([anyService('web')], { calendars: [{ name: 'year-end', services: [], ssm: 'year-end' }] })

const statesOf = (readingAt: (nowMs: number) => CalendarReading): CalendarStates => ({
  read: async (names, nowMs) => new Map(names.map((name) => [name, readingAt(nowMs)])),
})
/** A ring of twelve hosts, two of them at once, ten minutes each, under what SSM says at each instant. */
const deployed = (readingAt: (nowMs: number) => CalendarReading) =>
  simulate({
    hosts: 12,
    unavailableMax: 2,
    failureBudget: 1,
    faults: [],
    seed: 1,
    catalogue,
    calendarStates: statesOf(readingAt),
  })
const hostsIn = (ring: Awaited<ReturnType<typeof deployed>>['ring']) =>
  new Set(Object.values(ring.hosts).map(({ state, step }) => `${step} ${state}`))

describe('2.3 an SSM Change Calendar in the middle of a ring', () => {
  it('is asked at each turn, and lets the ring end while it stays open', async () => {
    const asked: number[] = []
    const { ring, change } = await deployed((atMs) => {
      asked.push(atMs)
      return { changes: [{ atMs, state: 'OPEN' }] }
    })
    expect([ring.state, change?.state]).toEqual(['succeeded', 'validating'])
    expect(new Set(asked).size).toBeGreaterThan(10)
  })

  it('lets hosts that are down come up, starts no other, and the change waits until it opens', async () => {
    const { ring, change } = await deployed((atMs) => ({
      changes: [
        { atMs, state: 'OPEN' },
        { atMs: closesMs, state: 'CLOSED' },
        { atMs: opensMs, state: 'OPEN' },
      ],
    }))
    expect(ring.state).toBe('stopped')
    expect(hostsIn(ring)).toEqual(new Set(['verify done', 'install waiting']))
    expect(change).toMatchObject({ state: 'held', heldUntil: new Date(opensMs).toISOString() })
    expect(change?.heldBecause).toContain('would run into calendar year-end')
  })

  it.each<readonly [string, (atMs: number) => CalendarReading]>([
    ['can no longer be read', () => ({ unknown: 'AccessDeniedException' })],
    ['is known up to that instant only', (atMs) => ({ changes: [{ atMs, state: 'OPEN' }], untilMs: atMs + 1 })],
  ])('I20 starts no other host once its state %s', async (_, later) => {
    const { ring, change } = await deployed((atMs) =>
      atMs < startMs + 30_000 ? { changes: [{ atMs, state: 'OPEN' }] } : later(atMs),
    )
    expect([ring.state, change?.state]).toEqual(['stopped', 'held'])
    expect(hostsIn(ring)).toContain('install waiting')
    expect(change?.heldBecause).toContain('calendar year-end')
  })
})
