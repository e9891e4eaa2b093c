import { describe, expect, it } from 'vitest'
import { keys } from '../../../functions/kit/keys.ts'
import { transactionItemsMax } from '../../../functions/kit/ledger.ts'
import { CommandOwnerRecord } from '../../../functions/rollout/command-index.ts'
import type { SendResult } from '../../../functions/rollout/ports.ts'
import { adoptOrphans, orphanAfterMs, sendIntents, sendMsMax } from '../../../functions/rollout/send-intents.ts'
import { anyPass, changeId, one, ringOut, startMs, three, two } from './any-pass.ts'

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
const refused = (why: Extract<SendResult, { refused: string }>['refused']) => () => ({ refused: why, detail: 'why' })

describe('11.2 what was intended is sent', () => {
  it('and the id of the command is noted on the ring, in the index and in a leaf', async () => {
    const { isAllSent, ring, ledger, leaves } = await sent(() => ({ commandId: 'command-1' }))
    expect(isAllSent).toBe(true)
    expect(ring.commands.intent).toMatchObject({ commandId: 'command-1' })
    expect((await ledger.read(CommandOwnerRecord, keys.command('command-1')))?.value).toEqual({
      changeId,
      ring: 'production',
    })
    expect(leaves()).toMatchObject([{ type: 'rollout.sent', body: { detail: { sent: { intent: 'command-1' } } } }])
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
    const more = { ...ring, commands: { intent: { ...intent, hostIds: [one] }, other: { ...intent, hostIds: [two] } } }
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
    if (!isAllSent) expect(late.leaves()).toMatchObject([{ body: { detail: { sent: { intent: 'not sent' } } } }])
  })

  it('notes nothing where another pass has moved the ring meanwhile: that one finds the intents', async () => {
    const pass = await anyPass(ringOut('precheck'))
    const read = await pass.ringNow()
    const context = { read, plan: pass.plan, policy: pass.policy, occupancies: new Map(), change: undefined } as const
    const stale = { ...read, version: read.version - 1 }
    const isAllSent = await sendIntents(stale, ['intent'], { ...context, gates: { verdict: 'go' } }, pass.ports)
    expect(isAllSent).toBe(false)
    expect(pass.counted).toEqual(['CommandsToAdopt'])
    expect((await pass.ringNow()).value).toEqual(read.value)
  })
})

describe('F8 F9 an intent whose command id was never noted', () => {
  const orphan = ringOut('install', { intendedAtMs: startMs - orphanAfterMs })

  it('is left to whoever sends it now while it is young', async () => {
    const pass = await anyPass(ringOut('install', { intendedAtMs: startMs - 14_999 }), { find: () => 'command-1' })
    const read = await pass.ringNow()
    expect(await adoptOrphans(read, pass.ports)).toBe(read)
    expect(pass.calls).toEqual([])
  })

  it('is adopted where SSM has it', async () => {
    const pass = await anyPass(orphan, { find: () => 'command-1' })
    const adopted = await adoptOrphans(await pass.ringNow(), pass.ports)
    expect(adopted).toMatchObject({ value: { commands: { intent: { commandId: 'command-1' } } } })
    expect((await pass.ringNow()).value.hosts[one]).toMatchObject({ state: 'sent', intentId: 'intent' })
    expect(pass.leaves()).toMatchObject([{ type: 'rollout.orphans-settled' }])
  })

  it('is dropped where SSM never had it, and its hosts wait again', async () => {
    const pass = await anyPass(orphan)
    await adoptOrphans(await pass.ringNow(), pass.ports)
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
    expect(await adoptOrphans(read, spoke.ports)).toBe(read)
    expect(spoke.counted).toEqual(['SpokesUnreachable'])
    const own = await anyPass(orphan, { find })
    await expect(adoptOrphans(await own.ringNow(), own.ports)).rejects.toThrow('no answer')
  })

  it('is settled with others only as far as one transaction can note it', async () => {
    const { intent } = orphan.commands
    if (!intent) throw new Error('no command')
    const commands = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`intent-${index}`, intent]))
    const pass = await anyPass({ ...orphan, commands }, { find: () => crypto.randomUUID() })
    const adopted = await adoptOrphans(await pass.ringNow(), pass.ports)
    if (adopted === 'conflict') throw new Error('conflict')
    const noted = Object.values(adopted.value.commands).filter(({ commandId }) => commandId !== undefined)
    // With the ring's header, the part that has their host, and the leaf.
    expect(noted).toHaveLength(transactionItemsMax - 3)
  })
})
