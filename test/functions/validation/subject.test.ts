import { describe, expect, it } from 'vitest'
import { isValidating, readSubject } from '../../../functions/validation/subject.ts'
import { anyChange, anyWorld, changeId, type WorldFacts } from './builders.ts'

const missingIn = async (facts: WorldFacts, ring = 'canary') => {
  const { facts: read } = await readSubject({ changeId, ring }, (await anyWorld(facts)).ledger)
  return 'missing' in read ? read.missing : undefined
}

describe('6.3 I20 what a validation rests on', () => {
  it('is read whole, with the rules of policy and ring', async () => {
    const { facts, validation } = await readSubject({ changeId, ring: 'canary' }, (await anyWorld()).ledger)
    expect(validation).toBeUndefined()
    expect(facts).toMatchObject({
      rules: { looksMax: 3, looksExtra: 0, lookSeconds: 20, soakSeconds: 60, probeFailuresMax: 1 },
      plannedRing: { name: 'canary' },
    })
  })

  it.each<readonly [string, WorldFacts, string]>([
    ['no plan', { without: ['plan'] }, `plan ${'a'.repeat(64)} is not in the ledger`],
    ['no ring', { without: ['ring'] }, 'ring canary is not in the ledger'],
    ['no catalogue', { without: ['catalogue'] }, 'service web is not in the catalogue'],
    ['no policy', { without: ['policy'] }, 'there is no policy'],
    ['a ring that failed', { ring: { state: 'failed' } }, 'ring canary is failed, not succeeded'],
    ['another service', { change: { service: 'shop' } }, 'service shop is not in the catalogue'],
  ])('is named where there is %s', async (_, facts, missing) => {
    expect(await missingIn(facts)).toBe(missing)
  })

  it('is named where the plan does not know the ring', async () => {
    expect(await missingIn({}, 'moon')).toBe('the plan has no ring moon')
  })

  it('cannot be a change that is not there', async () => {
    const { ledger } = await anyWorld()
    await expect(readSubject({ changeId: 'none', ring: 'canary' }, ledger)).rejects.toThrow('DD1901')
  })
})

describe('6.8 isValidating', () => {
  it.each([
    ['the ring of a change that is validating', {}, true],
    ['no ring of a change that is elsewhere', { state: 'held' as const }, false],
    ['no other ring', { ring: 'production' }, false],
    ['no ring that is done', { ringsDone: ['dev', 'canary'] }, false],
  ])('is true of %s', (_, more, is) => {
    expect(isValidating(anyChange(more), 'canary')).toBe(is)
  })
})
