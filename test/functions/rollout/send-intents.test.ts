import { describe, expect, it } from 'vitest'
import { transactionItemsMax } from '../../../functions/kit/ledger.ts'
import type { SendResult } from '../../../functions/rollout/ports.ts'
import { adoptOrphans, orphanAfterMs, sendIntents, sendMsMax } from '../../../functions/rollout/send-intents.ts'
import { anyPass, anyRing, one, ringOut, startMs, three, two } from './any-pass.ts'

async function sent(answer: () => SendResult, ring = ringOut('precheck')) {
  const pass = await anyPass(ring, { send: answer })
  const context = {
    read: await pass.ringNow(),
    plan: pass.plan,
    policy: pass.policy,
    occupancies: new Map(),
    change: undefined,
    gates: { verdict: 'go' },
  } as const
  const isAllSent = await sendIntents(context.read, Object.keys(ring.commands), context, pass.ports)
  return { ...pass, isAllSent, ring: (await pass.ringNow()).value }
}
const sentBy = (intentId: string) => ({ step: 'precheck', state: 'sent', attempt: 1, intentId }) as const
const refused = (why: Extract<SendResult, { refused: string }>['refused']) => () => ({ refused: why, detail: 'why' })

describe('11.2 what was intended is sent', () => {
  it('and nothing more is written: the intent stands, and the id of the command is kept for the next pass', async () => {
    const { isAllSent, ring, ports, leaves } = await sent(() => ({ commandId: 'command-1' }))
    expect(isAllSent).toBe(true)
    expect(ports.rings?.commandOf('intent')).toEqual({ commandId: 'command-1', askedAtMs: startMs })
    expect(ring).toEqual(ringOut('precheck'))
    expect(leaves()).toEqual([])
  })

  it('I1 I2 F9 and stays as it is where the answer was lost: the command may run', async () => {
    const { isAllSent, ring, leaves, counted } = await sent(() => ({
      refused: 'unavailable',
      detail: 'socket hang up',
    }))
    expect(isAllSent).toBe(true)
    expect(ring).toEqual(ringOut('precheck'))
    expect(leaves()).toEqual([])
    expect(counted).toEqual(['AnswersLost'])
  })

  it.each(['throttled', 'invalid-document', 'hash-mismatch', 'invalid-instance'] as const)(
    'and is intended no more where SSM refused it as %s: nothing ran',
    async (why) => {
      const { isAllSent, ring, leaves } = await sent(refused(why))
      expect(isAllSent).toBe(false)
      expect(ring.commands).toEqual({})
      expect(Object.values(ring.hosts).map(({ intentId }) => intentId)).toEqual([undefined, undefined, undefined])
      expect(leaves()).toMatchObject([{ body: { detail: { sent: { intent: 'refused' } } } }])
    },
  )

  it('F24 asks SSM nothing more in this pass once it was throttled', async () => {
    const ring = ringOut('precheck')
    const { intent } = ring.commands
    if (!intent) throw new Error('no command')
    const commands = { intent: { ...intent, hostIds: [one] }, other: { ...intent, hostIds: [two] } }
    const more = anyRing({ hosts: { [one]: sentBy('intent'), [two]: sentBy('other') }, commands })
    expect((await sent(refused('throttled'), more)).calls).toEqual(['send precheck 1'])
  })

  it.each([
    ['still', sendMsMax, ['send precheck 3'], true],
    ['no longer, where another may soon look for it as an orphan', sendMsMax + 1, [], false],
  ] as const)('I1 is %s sent %i ms after it was recorded', async (_, ageMs, calls, isAllSent) => {
    const late = await sent(() => ({ commandId: 'command-1' }), ringOut('precheck', { intendedAtMs: startMs - ageMs }))
    expect([late.calls, late.isAllSent]).toEqual([calls, isAllSent])
    // The client gives up on SendCommand after 2 s to connect and 10 s to answer.
    expect(sendMsMax + 12_000).toBeLessThan(orphanAfterMs)
    expect(late.leaves()).toEqual([])
  })

  it('notes nothing where another pass has moved the ring meanwhile: that one finds the intents', async () => {
    const pass = await anyPass(ringOut('precheck'))
    const read = await pass.ringNow()
    const context = { read, plan: pass.plan, policy: pass.policy, occupancies: new Map(), change: undefined } as const
    const throttled = { ...pass.ports.commands, send: async () => ({ refused: 'throttled' as const, detail: '' }) }
    const stale = { ...read, version: read.version - 1 }
    const isAllSent = await sendIntents(
      stale,
      ['intent'],
      { ...context, gates: { verdict: 'go' } },
      { ...pass.ports, commands: throttled },
    )
    expect(isAllSent).toBe(false)
    expect(pass.counted).toEqual(['CommandsToAdopt'])
    expect((await pass.ringNow()).value).toEqual(read.value)
  })
})

describe('F8 F9 an intent whose command id was never noted', () => {
  const orphan = ringOut('install', { intendedAtMs: startMs - orphanAfterMs })

  it('is left to whoever sends it now while it is young', async () => {
    const pass = await anyPass(ringOut('install', { intendedAtMs: startMs - orphanAfterMs + 1 }), {
      find: () => 'command-1',
    })
    const read = await pass.ringNow()
    expect(await adoptOrphans(read, pass.plan, pass.ports)).toBe(read)
    expect(pass.calls).toEqual([])
  })

  it('is adopted where SSM has it', async () => {
    const pass = await anyPass(orphan, { find: () => 'command-1' })
    const adopted = await adoptOrphans(await pass.ringNow(), pass.plan, pass.ports)
    expect(adopted).toMatchObject({ value: { commands: { intent: { commandId: 'command-1' } } } })
    expect((await pass.ringNow()).value.hosts[one]).toMatchObject({ state: 'sent', intentId: 'intent' })
    expect(pass.ports.rings?.commandOf('intent')).toEqual({ commandId: 'command-1', askedAtMs: 0 })
    expect(pass.leaves()).toEqual([])
  })

  it('is dropped where SSM never had it, and its hosts wait again', async () => {
    const pass = await anyPass(orphan)
    await adoptOrphans(await pass.ringNow(), pass.plan, pass.ports)
    expect(pass.leaves()).toMatchObject([{ type: 'rollout.orphans-settled' }])
    const { value } = await pass.ringNow()
    expect(value.commands).toEqual({})
    for (const hostId of [one, two, three])
      expect(value.hosts[hostId]).toEqual({ step: 'install', state: 'waiting', attempt: 1 })
  })

  it('F44 stays as it is where its spoke does not answer, and an own account that does not is a fault', async () => {
    const find = () => {
      throw new Error('no answer')
    }
    const place = { account: '210987654321', region: 'eu-west-1' }
    const spoke = await anyPass(ringOut('install', { intendedAtMs: 0, place }), { find })
    const read = await spoke.ringNow()
    expect((await adoptOrphans(read, spoke.plan, spoke.ports)).toString()).toBe(read.toString())
    expect(spoke.leaves()).toEqual([])
    expect(spoke.counted).toEqual(['SpokesUnreachable'])
    const own = await anyPass(orphan, { find })
    await expect(adoptOrphans(await own.ringNow(), own.plan, own.ports)).rejects.toThrow('no answer')
  })

  it('is settled with others only as far as one transaction can note it', async () => {
    const { intent } = orphan.commands
    if (!intent) throw new Error('no command')
    const ids = Array.from({ length: 130 }, (_, index) => `i-${String(index).padStart(8, '0')}`)
    const hosts = Object.fromEntries(ids.map((id) => [id, { ...sentBy(`intent-${id}`), step: 'install' } as const]))
    const commands = Object.fromEntries(ids.map((id) => [`intent-${id}`, { ...intent, hostIds: [id] }]))
    const packagesByHost = Object.fromEntries(ids.map((id) => [id, 'snapd=2']))
    const pass = await anyPass({ ...orphan, hosts, commands, packagesByHost })
    await adoptOrphans(await pass.ringNow(), pass.plan, pass.ports)
    const left = Object.values((await pass.ringNow()).value.commands)
    // With the ring's header and the leaf.
    expect(left).toHaveLength(130 - (transactionItemsMax - 2))
  })
})
