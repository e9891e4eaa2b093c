import { describe, expect, it } from 'vitest'
import { startInProcessCloud } from '../../../local/in-process-cloud.ts'
import { scriptFaults } from '../../../local/scenario/faults.ts'
import { runScenario } from '../../../local/scenario/scenario.ts'
import { seed } from '../../../local/scenario/seed.ts'
import { defaultFleet, withSpoke } from '../../../simulator/fleet/default-fleet.ts'

const fleetSeed = 20_261_123
const baseMs = Date.parse('2026-11-30T22:35:58Z')
const silent = { line() {}, status() {}, end() {} }

/** Samples fall on whole seconds, so that the part of a second in which a run starts decides how many there are. */
async function endsOf(startMs: number) {
  const fleet = withSpoke(defaultFleet(fleetSeed))
  scriptFaults(fleet)
  const cloud = await startInProcessCloud({ fleet, seed: fleetSeed, startMs, onLine: () => {} })
  await seed(cloud, cloud.fleetAddress, cloud.clock.nowMs())
  const { patched, rolledBack } = await cloud.during(() =>
    runScenario({ cloud, fleet, display: silent, isUnattended: true, timeoutMs: 240_000 }),
  )
  return { good: patched.change.state, bad: rolledBack.change.state }
}

describe('6.3 the scenario in process, whatever part of a second it starts in', () => {
  it.each([0, 170, 340, 510, 680, 850])('passes the good patch and rolls the bad one back from .%i on', async (ms) => {
    expect(await endsOf(baseMs + ms)).toEqual({ good: 'closed', bad: 'rolled-back' })
  })
})
