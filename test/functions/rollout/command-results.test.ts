import { describe, expect, it } from 'vitest'
import { collectResults, commandResultsFor } from '../../../functions/rollout/command-results.ts'
import { anyPass, one, ringOut, startMs } from './any-pass.ts'

const ring = (command: Parameters<typeof ringOut>[1] = {}) => ringOut('install', { commandId: 'command-1', ...command })
const success = { hostId: one, status: 'Success', exitCode: 0, output: '', commandId: 'command-1' } as const
const ended = [success]
const place = { account: '210987654321', region: 'eu-west-1' }
const silent = () => {
  throw new Error('no answer')
}

describe('what Run Command says of the commands of a ring', () => {
  it('is asked about those that an event names, or all on a sweep, by their intents', async () => {
    const { ports, calls } = await anyPass(ring(), { invocations: () => ended })
    expect(
      await collectResults(ring(), commandResultsFor('ended', [{ commandId: 'another', hostId: one }]), ports),
    ).toEqual(new Map())
    expect(calls).toEqual([])
    const named = await collectResults(
      ring(),
      commandResultsFor('ended', [{ commandId: 'command-1', hostId: one }]),
      ports,
    )
    expect(named).toEqual(new Map([['intent', ended]]))
    expect(await collectResults(ring(), commandResultsFor('all'), ports)).toEqual(named)
  })

  it('is asked of an intent whose command only the event tells, and of nobody where the comment names another', async () => {
    const named = [{ ...success, intentId: 'intent' }]
    const told = commandResultsFor('ended', [{ commandId: 'command-1', hostId: one }])
    const { ports } = await anyPass(ringOut('install'), { invocations: () => named })
    expect(await collectResults(ringOut('install'), told, ports)).toEqual(new Map([['intent', named]]))
    expect(ports.rings?.commandOf('intent')).toEqual({ commandId: 'command-1', askedAtMs: startMs })
    const other = await anyPass(ringOut('install'), { invocations: () => [{ ...success, intentId: 'another' }] })
    expect(await collectResults(ringOut('install'), { ...told, answers: new Map() }, other.ports)).toEqual(new Map())
  })

  it('is asked by a sweep once it has been silent for a while', async () => {
    const { ports, clock, calls } = await anyPass(ring())
    ports.rings?.keepCommand('intent', { commandId: 'command-1', askedAtMs: startMs })
    clock.advance(119_999)
    await collectResults(ring({ deadlineMs: startMs + 600_000 }), commandResultsFor('due'), ports)
    expect(calls).toEqual([])
    clock.advance(1)
    await collectResults(ring({ deadlineMs: startMs + 600_000 }), commandResultsFor('due'), ports)
    await collectResults(ring({ deadlineMs: startMs + 600_000 }), commandResultsFor('due'), ports)
    expect(calls).toEqual(['ask command-1'])
  })

  it('is asked once for all passes of a wake-up', async () => {
    const { ports, calls } = await anyPass(ring(), { invocations: () => ended })
    const results = commandResultsFor('all')
    await collectResults(ring(), results, ports)
    expect(await collectResults(ring(), results, ports)).toEqual(new Map([['intent', ended]]))
    expect(calls).toEqual(['ask command-1'])
  })

  it('F26 is asked about a command past its deadline though no event named it', async () => {
    const { ports, calls } = await anyPass(ring(), {})
    await collectResults(ring({ deadlineMs: startMs }), commandResultsFor('ended'), ports)
    expect(calls).toEqual(['ask command-1'])
  })

  it('is nothing for an intent that has no command yet', async () => {
    const { ports, calls } = await anyPass(ringOut('install'))
    expect(await collectResults(ringOut('install'), commandResultsFor('all'), ports)).toEqual(new Map())
    expect(calls).toEqual([])
  })

  it('F44 is nothing from a spoke that does not answer, until its command is overdue', async () => {
    const { ports, counted } = await anyPass(ring({ place }), { invocations: silent })
    expect(await collectResults(ring({ place }), commandResultsFor('all'), ports)).toEqual(new Map())
    const young = ringOut('install', { place, deadlineMs: startMs })
    expect(await collectResults(young, commandResultsFor('due'), ports)).toEqual(new Map())
    const unknown = ringOut('install', { place, intendedAtMs: startMs - 60_000, deadlineMs: startMs })
    expect(await collectResults(unknown, commandResultsFor('due'), ports)).toEqual(new Map([['intent', []]]))
    const overdue = await collectResults(ring({ place, deadlineMs: startMs }), commandResultsFor('all'), ports)
    expect(overdue).toEqual(new Map([['intent', []]]))
    expect(counted).toEqual(['SpokesUnreachable', 'SpokesUnreachable'])
  })

  it('is a fault where the own account does not answer', async () => {
    const { ports } = await anyPass(ring(), { invocations: silent })
    await expect(collectResults(ring(), commandResultsFor('all'), ports)).rejects.toThrow('no answer')
  })
})
