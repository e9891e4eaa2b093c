import { describe, expect, it } from 'vitest'
import { documentsGate } from '../../../../functions/rollout/gates/documents.ts'
import { anyPlan } from '../../planning/any-plan.ts'
import { anyGateFacts, known } from './any-gate-facts.ts'

const pins = Object.values(anyPlan().manifest.documents)
const check = (change: (pin: (typeof pins)[number]) => (typeof pins)[number] | undefined) =>
  documentsGate.check(
    anyGateFacts({
      documents: known(new Map(pins.map((pin) => [pin.name, pin.name === 'Drydock-install' ? change(pin) : pin]))),
    }),
  )
const held = {
  because: 'documents differ from the plan: Drydock-install; plan the change again and have it approved',
  endedBy: { kind: 'person', role: 'change-manager' },
}

describe('B43 the documents that a plan pins', () => {
  it('are those that SSM has', () => {
    expect(check((pin) => pin)).toBeUndefined()
  })

  it('differ by their hash alone', () => {
    expect(check((pin) => ({ ...pin, hash: 'e'.repeat(64) }))).toEqual(held)
  })

  it('differ by their version alone', () => {
    expect(check((pin) => ({ ...pin, version: '2' }))).toEqual(held)
  })

  it('differ where one is gone', () => {
    expect(check(() => undefined)).toEqual(held)
  })
})
