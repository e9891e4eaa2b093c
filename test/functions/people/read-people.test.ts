import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/people/read-people.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { anySpotCheck, stewards } from './spot-check.ts'

describe('2.1 run of read-people', () => {
  it('has the people of the catalogue as it is now', async () => {
    const { ledger, setPeople } = await anySpotCheck()
    await setPeople(stewards.slice(0, 1))
    expect((await run(ledger)).all.map(({ id }) => id)).toEqual(['stella'])
  })

  it('takes a missing catalogue for no answer, and never for nobody', async () => {
    await expect(run(memoryLedger())).rejects.toThrow(/DD1703/)
  })
})
