import { describe, expect, it } from 'vitest'
import { evidenceBy } from '../../../functions/kit/evidence-by.ts'

const ports = () => {
  let made = 0
  return { ids: { next: () => `leaf-${++made}` }, account: '123456789012', other: 'not evidence' }
}
const at = '2026-11-24T03:30:00.000Z'

describe('8.4 evidenceBy', () => {
  it('says leaf, instant, account and actor, and nothing else of what it is given', () => {
    expect(evidenceBy(ports(), at)).toEqual({ leafId: 'leaf-1', at, account: '123456789012', actor: 'drydock' })
  })

  it('names the person who acted', () => {
    expect(evidenceBy(ports(), at, 'olivia').actor).toBe('olivia')
  })

  it('gives each leaf an id of its own', () => {
    const given = ports()
    expect(evidenceBy(given, at).leafId).not.toBe(evidenceBy(given, at).leafId)
  })
})
