import { describe, expect, it } from 'vitest'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { isoInstant } from '../../../functions/kit/time.ts'
import { fileValidation } from '../../../functions/validation/file-validation.ts'
import { readSubject } from '../../../functions/validation/subject.ts'
import { openValidation, type Validation, ValidationRecord } from '../../../functions/validation/validation.ts'
import { anyWorld, changeId, endedMs } from './builders.ts'

const at = isoInstant(endedMs)
const rules = { looksMax: 3, looksExtra: 0, lookSeconds: 20, soakSeconds: 60, probeFailuresMax: 1 }
const soaking = openValidation({ changeId, ring: 'canary', isCanary: true, at, probes: [] }, rules)

async function filed(next: Validation, prepare?: (world: Awaited<ReturnType<typeof anyWorld>>) => Promise<unknown>) {
  const world = await anyWorld()
  const subject = await readSubject({ changeId, ring: 'canary' }, world.ledger)
  await prepare?.(world)
  const isFiled = await fileValidation(subject, next, at, world)
  const leaves = world.ledger.outbox().flatMap(({ type }) => (type === 'test.made' ? [] : [type]))
  const change = (await world.ledger.read(ChangeRecord, keys.change(changeId)))?.value
  const validation = (await world.ledger.read(ValidationRecord, keys.validation(changeId, 'canary')))?.value
  return { isFiled, leaves, change, validation }
}

describe('6.8 fileValidation: record, change and evidence in one transaction', () => {
  it('files a validation that goes on, and leaves the change', async () => {
    const { isFiled, leaves, change, validation } = await filed(soaking)
    expect([isFiled, leaves, change?.state]).toEqual([true, ['validation.started'], 'validating'])
    expect(validation).toEqual(soaking)
  })

  it('moves the change past its ring with a pass', async () => {
    const { leaves, change } = await filed({ ...soaking, state: 'passed', verdict: 'pass' })
    expect(leaves).toEqual(['validation.passed', 'change.ring-validated'])
    expect(change?.ringsDone).toEqual(['dev', 'canary'])
  })

  it('F37 holds the change for its owner where the end is inconclusive', async () => {
    const { leaves, change } = await filed({ ...soaking, state: 'inconclusive', because: 'no samples' })
    expect(leaves).toEqual(['validation.inconclusive', 'change.held'])
    expect(change).toMatchObject({
      state: 'held',
      heldFor: [
        {
          gate: 'validation',
          because: 'canary inconclusive: no samples',
          endedBy: { kind: 'person', role: 'service-owner' },
        },
      ],
    })
  })

  it('leaves a failure to the rollback: the change stays', async () => {
    const { leaves, change } = await filed({ ...soaking, state: 'failed', verdict: 'fail' })
    expect([leaves, change?.state]).toEqual([['validation.failed'], 'validating'])
  })

  it('writes nothing where somebody filed the same validation first', async () => {
    const { isFiled, leaves, change, validation } = await filed({ ...soaking, state: 'passed' }, async (world) =>
      world.put('validation', keys.validation(changeId, 'canary'), { ...soaking, rounds: 7 }),
    )
    expect([isFiled, leaves, change?.ringsDone]).toEqual([false, [], ['dev']])
    expect(validation?.rounds).toBe(7)
  })
})
