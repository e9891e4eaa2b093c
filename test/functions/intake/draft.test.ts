import { describe, expect, it } from 'vitest'
import { severityNamed } from '../../../functions/intake/draft.ts'

describe('B14 severityNamed', () => {
  it.each([
    ['CRITICAL', 'critical'],
    ['fatal', 'critical'],
    ['Moderate', 'medium'],
    ['INFORMATIONAL', 'informational'],
    ['UNTRIAGED', undefined],
    ['constructor', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %s as %s, and nothing unknown as low', (name, severity) => {
    expect(severityNamed(name)).toBe(severity)
  })
})
