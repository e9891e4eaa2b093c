import { describe, expect, it } from 'vitest'
import { factsOfQuestion, Questions } from '../../../functions/risk/question.ts'

const asked = { inKev: false, detectedAt: '2026-03-01' }
const factsOf = (more: object) => Questions.parse({ ...asked, ...more }).map(factsOfQuestion)[0]

describe('B13 Questions', () => {
  it('takes one question for a list of one', () => {
    expect(Questions.parse(asked)).toEqual(Questions.parse([asked]))
  })

  it.each([
    ['an unknown key', { exposed: true }],
    ['a probability above 1', { epss: 1.1 }],
    ['a word for a truth', { inKev: 'yes' }],
    ['a day that does not exist', { detectedAt: '2026-02-30' }],
  ])('refuses %s', (_, more) => {
    expect(Questions.safeParse({ ...asked, ...more }).success).toBe(false)
  })
})

describe('B13 factsOfQuestion', () => {
  it('never reads what is unknown as harmless', () => {
    expect(factsOf({})).toMatchObject({
      publiclyExposed: true,
      publiclyExposedBecause: 'unknown-counts-as-exposed',
      automatable: 'missing',
      technicalImpact: 'missing',
      tier: 'mission-critical',
    })
  })

  it.each([
    [true, 'service-exposure'],
    [false, 'service-internal'],
  ])('says why it counts as exposed, or not (%s): %s', (publiclyExposed, publiclyExposedBecause) => {
    expect(factsOf({ publiclyExposed })).toMatchObject({ publiclyExposed, publiclyExposedBecause })
  })

  it.each([
    [{ serviceExposure: 'isolated' }, false, 'service-isolated'],
    [{ serviceExposure: 'internal' }, false, 'service-internal'],
    [{ serviceExposure: 'internal', publiclyExposed: true }, true, 'service-exposure'],
    [{ serviceExposure: 'unknown' }, true, 'unknown-counts-as-exposed'],
  ])('takes the exposure of the service, and never for less than is stated: %o', (more, publiclyExposed, because) => {
    expect(factsOf(more)).toMatchObject({ publiclyExposed, publiclyExposedBecause: because })
  })

  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T01:00:00+02:00', '2026-02-28T23:00:00.000Z'],
  ])('takes %s for an instant in UTC', (detectedAt, instant) => {
    expect(factsOf({ detectedAt })).toMatchObject({ detectedAt: instant })
  })

  it('takes the score of its vectors and no id', () => {
    const cvss = ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H']
    const facts = factsOf({ id: 'q1', cvss })
    expect(facts).toMatchObject({ cvss: { score: 9.8 } })
    expect(facts).not.toHaveProperty('id')
  })
})
