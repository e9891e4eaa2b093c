import { describe, expect, it } from 'vitest'
import type { GateVerdict } from '../../../functions/rollout/gates/gates.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { endRing, failuresOf, quarantinedOf } from '../../../functions/rollout/ring-end.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { anyPlan } from '../planning/any-plan.ts'

const opened = openedRing(anyPlan(), 'a'.repeat(64), 'production', undefined, 'token', 'now')
const at = (state: HostProgress['state'], step: HostProgress['step'] = 'verify'): HostProgress => ({
  step,
  state,
  attempt: 1,
})
const ringOf = (states: readonly HostProgress[], more: Partial<Ring> = {}): Ring => ({
  ...opened,
  hosts: Object.fromEntries(Object.keys(opened.hosts).map((hostId, index) => [hostId, states[index] ?? at('done')])),
  ...more,
})
const go: GateVerdict = { verdict: 'go' }
const held = (leaves: 'nothing' | 'hosts-down'): GateVerdict => ({
  verdict: 'hold',
  leaves,
  holds: [
    { gate: 'calendar', because: 'freeze', endedBy: { kind: 'time', at: 'later' } },
    { gate: 'evidence', because: 'evidence is late', endedBy: { kind: 'trigger', name: 'evidence-filed' } },
  ],
})
const end = (ring: Ring, canStart = true, gates: GateVerdict = go) => endRing(ring, canStart, gates, 'now')

describe('the end of a ring', () => {
  it('does not come while a command is out, whatever else is so', () => {
    expect(end(ringOf([at('sent')]), false, held('nothing')).state).toBe('open')
  })

  it('comes with every host at its end', () => {
    expect(end(ringOf([]))).toMatchObject({ state: 'succeeded', endedAt: 'now' })
    expect(end(ringOf([at('failed')]))).toMatchObject({ state: 'succeeded' })
  })

  it('11.6 is a halt once more failed than the budget allows, with the reason of our own fault if there is one', () => {
    const two = [at('failed'), at('skipped'), at('waiting')]
    expect(end(ringOf(two))).toMatchObject({ state: 'halted', because: "2 failed, the ring's budget is 1" })
    expect(end(ringOf(two, { because: 'hash' })).because).toBe("2 failed, the ring's budget is 1: hash")
  })

  it('I18 is a stop at once where a gate leaves nothing to do, and says every reason', () => {
    expect(end(ringOf([at('waiting', 'reboot')]), true, held('nothing'))).toMatchObject({
      state: 'stopped',
      because: 'freeze; evidence is late',
    })
  })

  it('I13 F42 is a stop only once the hosts that are down have come up, where a gate leaves that', () => {
    expect(end(ringOf([at('waiting', 'reboot')]), true, held('hosts-down')).state).toBe('open')
    expect(end(ringOf([at('waiting', 'install')]), false, held('hosts-down')).state).toBe('stopped')
  })

  it('is a halt where failures leave no room for any other host', () => {
    expect(end(ringOf([at('failed'), at('waiting', 'install')]), false).because).toBe(
      'failed hosts have used up what may be unavailable: no other host can go',
    )
  })

  it('7.3 of a rollback comes with its last host, whatever fails, and no gate stops it', () => {
    const rollback = { mode: 'rollback' } as const
    expect(end(ringOf([at('waiting')], rollback), false, held('nothing')).state).toBe('open')
    expect(end(ringOf([], rollback)).state).toBe('succeeded')
    expect(end(ringOf([at('quarantined')], rollback))).toMatchObject({
      state: 'failed',
      because: '1 host could not be restored and is quarantined',
    })
    expect(end(ringOf([at('quarantined'), at('quarantined')], rollback)).because).toBe(
      '2 hosts could not be restored and are quarantined',
    )
  })
})

describe('what a ring says of its hosts', () => {
  const ring = ringOf([{ ...at('gone', 'install'), because: 'terminated' }, at('failed'), at('waiting')])

  it('F29 counts failures without those that are gone, and names all that were not proven, in order', () => {
    expect(failuresOf(ring)).toBe(1)
    expect(quarantinedOf(ring)).toEqual([
      { hostId: 'i-00000001', reason: 'gone at install: terminated' },
      { hostId: 'i-00000002', reason: 'failed at verify: no reason given' },
    ])
  })
})
