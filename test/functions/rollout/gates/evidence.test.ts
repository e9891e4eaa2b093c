import { describe, expect, it } from 'vitest'
import { evidenceGate } from '../../../../functions/rollout/gates/evidence.ts'
import { anyGateFacts, known } from './any-gate-facts.ts'

const check = (health: { headAgeSeconds: number | undefined; pending: number | undefined; lastError?: string }) =>
  evidenceGate.check(anyGateFacts({ evidence: known(health) }))

describe('F42 I20 evidence that is not filed', () => {
  it.each([
    ['nothing waits', { headAgeSeconds: 0, pending: 0 }],
    ['nothing waits and nobody knows for how long', { headAgeSeconds: undefined, pending: 0 }],
    ['leaves have waited for five minutes', { headAgeSeconds: 300, pending: 200 }],
  ])('lets a ring go while %s', (_, health) => {
    expect(check(health)).toBeUndefined()
  })

  it.each([
    ['the archiver failed', { headAgeSeconds: 0, pending: 0, lastError: 'DD2103' }, 'evidence cannot be filed: DD2103'],
    [
      'the outbox is unreadable',
      { headAgeSeconds: undefined, pending: undefined },
      'evidence cannot be filed: the outbox or the head of the log cannot be read',
    ],
    [
      'the age of the head is missing',
      { headAgeSeconds: undefined, pending: 3 },
      'evidence is late: 3 transitions waiting, for an unknown time',
    ],
    [
      'the archiver does not run at all',
      { headAgeSeconds: 43_200, pending: 5 },
      'evidence is late: the oldest transition has waited for 43200 s',
    ],
    [
      'leaves are late by a second',
      { headAgeSeconds: 301, pending: 1 },
      'evidence is late: the oldest transition has waited for 301 s',
    ],
  ])('holds until it is filed where %s', (_, health, because) => {
    expect(check(health)).toEqual({ because, endedBy: { kind: 'trigger', name: 'evidence-filed' } })
  })
})
