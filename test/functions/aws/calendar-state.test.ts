import { readFileSync } from 'node:fs'
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, it } from 'vitest'
import { ssmCalendarStates } from '../../../functions/aws/calendar-state.ts'
import { mockClient, mockOfLaterAnswers } from '../../aws/mock-client.ts'

const nowMs = Date.parse('2026-12-01T10:00:00.250Z')
const arn = 'arn:aws:ssm:eu-central-1:123456789012:document/freeze'

/** Reads one calendar from a script of answers, by the instant asked for; a missing one is an error of SSM. */
async function read(answers: Readonly<Record<string, object>>, changesMax = 10) {
  const ssm = mockClient(SSMClient)
  ssm.on(GetCalendarStateCommand).callsFake(({ AtTime }) => {
    const answer = answers[AtTime]
    if (answer === undefined) throw Object.assign(new Error('no such calendar'), { name: 'InvalidDocument' })
    return answer
  })
  const states = ssmCalendarStates({ changesMax }, new SSMClient({ region: 'eu-central-1' }))
  const readings = await states.read([arn], nowMs)
  const asked = ssm.commandCalls(GetCalendarStateCommand).map(({ args }) => args[0].input)
  ssm.restore()
  return { reading: readings.get(arn), asked }
}

describe('2.3 ssmCalendarStates', () => {
  it('steps from change to change, because one answer names only the next', async () => {
    const { reading, asked } = await read({
      '2026-12-01T10:00:00Z': { State: 'OPEN', NextTransitionTime: '2026-12-20T00:00:00Z' },
      '2026-12-20T00:00:00Z': { State: 'CLOSED', NextTransitionTime: '2027-01-04T00:00:00Z' },
      '2027-01-04T00:00:00Z': { State: 'OPEN' },
    })
    expect(reading).toEqual({
      changes: [
        { atMs: nowMs, state: 'OPEN' },
        { atMs: Date.parse('2026-12-20T00:00:00Z'), state: 'CLOSED' },
        { atMs: Date.parse('2027-01-04T00:00:00Z'), state: 'OPEN' },
      ],
    })
    expect(asked[0]).toEqual({ CalendarNames: [arn], AtTime: '2026-12-01T10:00:00Z' })
  })

  it('knows no further than it asked', async () => {
    const { reading } = await read(
      { '2026-12-01T10:00:00Z': { State: 'OPEN', NextTransitionTime: '2026-12-20T00:00:00Z' } },
      1,
    )
    expect(reading).toMatchObject({ untilMs: Date.parse('2026-12-20T00:00:00Z') })
  })

  it('keeps what it learned before a fault', async () => {
    const { reading } = await read({
      '2026-12-01T10:00:00Z': { State: 'OPEN', NextTransitionTime: '2026-12-20T00:00:00Z' },
    })
    expect(reading).toEqual({
      changes: [{ atMs: nowMs, state: 'OPEN' }],
      untilMs: Date.parse('2026-12-20T00:00:00Z'),
    })
  })

  it.each([
    ['an error', {}, 'InvalidDocument: no such calendar'],
    ['no state', { '2026-12-01T10:00:00Z': {} }, 'SSM answered with an unknown state'],
    [
      'a change that is no instant',
      { '2026-12-01T10:00:00Z': { State: 'OPEN', NextTransitionTime: 'soon' } },
      'SSM answered with an unknown state',
    ],
    [
      'a change in the past',
      { '2026-12-01T10:00:00Z': { State: 'OPEN', NextTransitionTime: '2026-11-01T00:00:00Z' } },
      'as the next transition after',
    ],
  ])('I20 does not know the state after %s', async (_, answers, because) => {
    expect((await read(answers)).reading).toEqual({ unknown: expect.stringContaining(because) })
  })

  it('I20 does not know the state after a state that AWS may add one day', async () => {
    const ssm = mockOfLaterAnswers(SSMClient)
    ssm.on(GetCalendarStateCommand).callsFake(() => ({ State: 'AJAR' }))
    const states = ssmCalendarStates({ changesMax: 1 }, new SSMClient({ region: 'eu-central-1' }))
    expect((await states.read([arn], nowMs)).get(arn)).toEqual({ unknown: 'SSM answered with an unknown state' })
    ssm.restore()
  })

  it('I20 does not know the state where SSM is late', async () => {
    const aborted = () => Object.assign(new Error('aborted'), { name: 'AbortError' })
    const ssm = mockClient(SSMClient)
    ssm.on(GetCalendarStateCommand).rejects(aborted())
    const states = ssmCalendarStates({ changesMax: 2 }, new SSMClient({ region: 'eu-central-1' }))
    expect((await states.read([arn], nowMs)).get(arn)).toEqual({ unknown: 'SSM did not answer in time' })
    ssm.restore()
  })

  it('reads the answer that AWS documents', async () => {
    const recorded = JSON.parse(readFileSync('test/fixtures/calendars/get-calendar-state.json', 'utf8'))
    const ssm = mockClient(SSMClient)
    ssm.on(GetCalendarStateCommand).resolves(recorded)
    const states = ssmCalendarStates({ changesMax: 1 }, new SSMClient({ region: 'eu-central-1' }))
    const readings = await states.read([arn], Date.parse(recorded.AtTime))
    expect(readings.get(arn)).toEqual({
      changes: [{ atMs: Date.parse('2020-02-19T22:28:51Z'), state: 'OPEN' }],
      untilMs: Date.parse('2020-02-24T21:15:19Z'),
    })
    ssm.restore()
  })
})
