/** What nudges and refusals do, in memory and on SQS alike. */
import { expect, it } from 'vitest'
import type { Refusals, RefusedInput } from '../../functions/intake/ports.ts'
import type { Nudges } from '../../functions/kit/ports.ts'

type Stage = Parameters<Nudges['send']>[0]

export interface NudgesUnderTest {
  readonly nudges: Nudges
  /** Takes what reached a stage. */
  take(stage: Stage): Promise<readonly unknown[]>
}

export function nudgesContract(make: () => NudgesUnderTest) {
  it('brings a message to its stage as it was sent, and to no other', async () => {
    const { nudges, take } = make()
    const message = { changeId: '01JD3F7Q4VQ8X2M5N6P7R8S9T0', ring: 'dev "ä😀', turn: 3 }
    await nudges.send('dispatch', message)
    expect(await take('dispatch')).toEqual([message])
    expect(await take('assess')).toEqual([])
    expect(await take('archive')).toEqual([])
  })

  it('brings every message of many sent at once', async () => {
    const { nudges, take } = make()
    const turns = Array.from({ length: 12 }, (_, turn) => turn)
    await Promise.all(turns.map((turn) => nudges.send('assess', { findingId: 'F1', turn })))
    const taken = await take('assess')
    expect(new Set(taken.map((message) => JSON.stringify(message))).size).toBe(turns.length)
  })
}

export interface RefusalsUnderTest {
  readonly refusals: Refusals
  take(): Promise<readonly { readonly input: RefusedInput; readonly reason: string }[]>
}

export function refusalsContract(make: () => RefusalsUnderTest) {
  it('F4 keeps the input as it came, with its reason', async () => {
    const { refusals, take } = make()
    const input: RefusedInput = {
      reason: 'BAD_PACKAGE_NAME',
      detail: 'packageName: "foo; curl x|sh" is no package name',
      body: '{"title":"<b>\u202e","n":[1,null]}\n\u0000',
    }
    await refusals.put(input)
    expect(await take()).toEqual([{ input, reason: 'BAD_PACKAGE_NAME' }])
  })
}
