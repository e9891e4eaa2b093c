import { describe, expect, it } from 'vitest'
import { lowerBoundSeconds } from '../../../functions/scheduling/bound/lower-bound.ts'
import { schedule } from '../../../functions/scheduling/schedule.ts'
import { verifySchedule } from '../../../functions/scheduling/verify/schedule.ts'
import { canEndBy, smallProblem } from '../../../oracles/proved-optimal.ts'
import { runs } from '../../runs.ts'

const seeds = Array.from({ length: runs(40) }, (_, seed) => seed)

describe('5.2 5.7 schedule of small problems', () => {
  it('is as short as any can be: by the bound, or by a solver that finds none shorter', async () => {
    const longer: number[] = []
    for (const seed of seeds) {
      const problem = smallProblem(seed)
      const found = schedule(problem)
      if (!('start' in found)) throw new Error(`seed ${seed}: ${JSON.stringify(found)}`)
      expect(verifySchedule(problem, found.start)).toEqual([])
      const isByBound = found.makespanSeconds <= lowerBoundSeconds(problem) + 1e-6
      const sooner = Math.ceil(found.makespanSeconds - 1e-3) - 1
      if (!isByBound && (await canEndBy(problem, sooner))) longer.push(seed)
    }
    expect(longer).toEqual([])
  })

  it('the solver does find the schedules that exist', async () => {
    for (const seed of seeds.slice(0, 10)) {
      const problem = smallProblem(seed)
      const found = schedule(problem)
      if (!('start' in found)) throw new Error(`seed ${seed}: ${JSON.stringify(found)}`)
      expect(await canEndBy(problem, Math.ceil(found.makespanSeconds - 1e-3))).toBe(true)
    }
  })
})
