import { describe, expect, it } from 'vitest'
import { isoInstant } from '../../../functions/kit/time.ts'
import { readSubject } from '../../../functions/validation/subject.ts'
import { takeRound } from '../../../functions/validation/take-round.ts'
import { openValidation, type Validation } from '../../../functions/validation/validation.ts'
import { anyWorld, changeId, endedMs, fillMetrics, noise, type WorldFacts } from './builders.ts'

async function roundOf(facts: WorldFacts, { isCanary = true, seconds = 20, looks = 0 } = {}) {
  const world = await anyWorld(facts)
  fillMetrics(world, noise)
  const { facts: read } = await readSubject({ changeId, ring: 'canary' }, world.ledger)
  const rules = 'missing' in read ? undefined : read.rules
  const nowMs = endedMs + seconds * 1_000
  const opened = openValidation(
    { changeId, ring: 'canary', isCanary, at: isoInstant(endedMs), probes: [] },
    rules ?? { looksMax: 3, looksExtra: 0, lookSeconds: 20, soakSeconds: 60, probeFailuresMax: 1 },
  )
  let validation: Validation = opened
  for (let look = 0; look < looks; look++) validation = await takeRound(validation, read, nowMs - 1, world)
  return takeRound(validation, read, nowMs, world)
}

describe('6.3 one round of a validation', () => {
  it('looks at the metrics of a canary', async () => {
    const next = await roundOf({})
    expect(next).toMatchObject({ state: 'soaking', rounds: 1 })
    expect(next.looks).toHaveLength(1)
    expect(next.probesAfter).toHaveLength(1)
  })

  it('looks at no metric of another ring', async () => {
    expect((await roundOf({}, { isCanary: false })).looks).toEqual([])
  })

  it('looks no more often than was planned', async () => {
    expect((await roundOf({}, { seconds: 59, looks: 3 })).looks).toHaveLength(3)
  })

  it('I20 ends without a verdict where something that it rests on is missing', async () => {
    expect(await roundOf({ without: ['policy'] })).toMatchObject({
      state: 'inconclusive',
      because: 'there is no policy',
    })
  })
})
