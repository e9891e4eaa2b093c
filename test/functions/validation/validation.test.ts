import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProbeOutcome } from '../../../functions/rollout/baseline.ts'
import type { Judgement } from '../../../functions/validation/judge.ts'
import {
  addRound,
  blockedValidation,
  failuresInRow,
  openValidation,
  secondsUntil,
  type Validation,
  type ValidationRules,
} from '../../../functions/validation/validation.ts'

const at = '2026-11-23T12:00:00.000Z'
const later = (seconds: number) => new Date(Date.parse(at) + seconds * 1000).toISOString()
const anyRules = (more: Partial<ValidationRules> = {}): ValidationRules => ({
  looksMax: 3,
  looksExtra: 0,
  lookSeconds: 20,
  soakSeconds: 60,
  probeFailuresMax: 1,
  ...more,
})
const probe = (isHealthy: boolean, name = 'front'): ProbeOutcome =>
  isHealthy ? { name, at, isHealthy } : { name, at, isHealthy, because: 'status 500, expected 200' }
const opened = (more: object = {}, rules = anyRules()) =>
  openValidation({ changeId: 'c', ring: 'canary', isCanary: true, at, probes: [probe(true)], ...more }, rules)
const judgement = (verdict: Judgement['verdict'], isTooEarly = false): Judgement => ({
  verdict,
  isTooEarly,
  alphaSpent: 0.01,
  metrics: [],
  reasons: [`because ${verdict}`],
})
const rounds = (start: Validation, seen: readonly Parameters<typeof addRound>[1][], rules = anyRules()) =>
  seen.reduce((validation, round) => addRound(validation, round, rules), start)
const round = (seconds: number, verdict?: Judgement['verdict'], isHealthy = true, agentsMissing: string[] = []) => ({
  at: later(seconds),
  probes: [probe(isHealthy)],
  agentsMissing,
  ...(verdict ? { judgement: judgement(verdict) } : {}),
})

describe('4.1 a validation soaks', () => {
  it.each([
    ['spreads the looks of a canary over the soak', true, anyRules({ soakSeconds: 100 }), 34],
    ['keeps the looks of a canary at least lookSeconds apart', true, anyRules({ soakSeconds: 4 }), 20],
    ['lets another ring soak at once', false, anyRules({ soakSeconds: 100 }), 100],
    ['does not wait where there is no soak', false, anyRules({ soakSeconds: 0 }), 0],
  ])('%s', (_, isCanary, rules, seconds) => {
    const validation = opened({ isCanary }, rules)
    expect(secondsUntil(validation.nextLookAt, at)).toBe(seconds)
    expect(secondsUntil(validation.soakUntil, at)).toBe(rules.soakSeconds)
  })

  it('passes a canary only after its last look, and not before the soak is over', () => {
    const two = rounds(opened(), [round(20, 'inconclusive'), round(40, 'inconclusive')])
    expect(two.state).toBe('soaking')
    const early = addRound(two, round(59, 'pass'), anyRules())
    expect(early).toMatchObject({ state: 'soaking', nextLookAt: later(60) })
    expect(addRound(early, round(60), anyRules())).toMatchObject({ state: 'passed', verdict: 'pass' })
  })

  it('passes another ring on probes and soak alone', () => {
    expect(addRound(opened({ isCanary: false }), round(60), anyRules()).state).toBe('passed')
    expect(addRound(opened({ isCanary: false }), round(30), anyRules()).state).toBe('soaking')
  })

  it('F35: fails at the look that sees a late failure', () => {
    const failed = rounds(opened(), [round(20, 'inconclusive'), round(40, 'fail')])
    expect(failed).toMatchObject({ state: 'failed', verdict: 'fail', because: 'because fail' })
  })

  it('F37: is inconclusive when the last look is', () => {
    const held = rounds(opened(), [round(20, 'inconclusive'), round(40, 'inconclusive'), round(60, 'inconclusive')])
    expect(held).toMatchObject({ state: 'inconclusive', verdict: 'inconclusive', because: 'because inconclusive' })
  })

  it('watches on where the last look came too early, but no longer than it may, and then holds', () => {
    const rules = anyRules({ looksExtra: 2 })
    const early = (seconds: number) => ({ ...round(seconds), judgement: judgement('inconclusive', true) })
    const planned = rounds(opened({}, rules), [round(20, 'inconclusive'), round(40, 'inconclusive'), early(60)], rules)
    expect(planned).toMatchObject({ state: 'soaking', nextLookAt: later(80) })
    expect(addRound(planned, round(80, 'pass'), rules).state).toBe('passed')
    expect(addRound(planned, round(80, 'fail'), rules).state).toBe('failed')
    expect(rounds(planned, [early(80), early(100)], rules).state).toBe('inconclusive')
    expect(rounds(opened(), [round(20, 'inconclusive'), round(40, 'inconclusive'), early(60)]).state).toBe(
      'inconclusive',
    )
  })

  it('stays ended, whatever comes after', () => {
    const failed = rounds(opened(), [round(20, 'fail')])
    expect(addRound(failed, round(40, 'pass'), anyRules())).toBe(failed)
  })

  it('holds when what it rests on is missing', () => {
    expect(blockedValidation({ changeId: 'c', ring: 'r', at, because: 'there is no policy' })).toMatchObject({
      state: 'inconclusive',
      because: 'there is no policy',
    })
  })
})

describe('6.1 probes count toward rollback', () => {
  it('fails at once where no failure is tolerated', () => {
    const validation = opened({ probes: [probe(false)] }, anyRules({ probeFailuresMax: 0 }))
    expect(validation).toMatchObject({
      state: 'failed',
      because: 'probe front failed 1 time in a row, 0 tolerated: status 500, expected 200',
    })
  })

  it('F34: tolerates a flapping probe, and does not roll back for it', () => {
    const flapping = opened({ probes: [probe(false)] })
    const after = rounds(flapping, [round(20, 'inconclusive', true), round(40, 'inconclusive', false)])
    expect(after.state).toBe('soaking')
    expect(rounds(after, [round(60, 'pass', true)]).state).toBe('passed')
  })

  it('F34: fails after one more failure in a row than tolerated', () => {
    expect(rounds(opened({ probes: [probe(false)] }), [round(20, 'inconclusive', false)]).state).toBe('failed')
  })

  it('does not pass while a probe fails, and waits for it', () => {
    const rules = anyRules({ probeFailuresMax: 5 })
    const last = rounds(
      opened({}, rules),
      [round(20, 'inconclusive'), round(40, 'inconclusive'), round(60, 'pass', false)],
      rules,
    )
    expect(last).toMatchObject({ state: 'soaking', nextLookAt: later(80) })
    expect(addRound(last, round(80), rules).state).toBe('passed')
  })

  it('I20: holds in the end when probes go on flapping by turns', () => {
    const rules = anyRules({ probeFailuresMax: 3, looksMax: 1 })
    let validation = opened({ isCanary: false, probes: [] }, rules)
    for (let count = 0; validation.state === 'soaking' && count < 50; count++) {
      const probes = [probe(count % 2 === 0, 'left'), probe(count % 2 === 1, 'right')]
      validation = addRound(validation, { at: later(60 + count * 20), probes, agentsMissing: [] }, rules)
    }
    expect(validation).toMatchObject({ state: 'inconclusive', rounds: 6 })
    expect(validation.because).toContain('status 500')
  })

  it('holds instead of rolling back when the probe failed before the patch as well', () => {
    const broken = opened({ probesBefore: [probe(false)], probes: [probe(false)] })
    const after = rounds(
      broken,
      [1, 2, 3, 4, 5, 6, 7].map((step) => round(step * 60, 'pass', false)),
    )
    expect(after.state).toBe('inconclusive')
  })

  it('counts failures since the last healthy answer', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (answers) => {
        const probes = answers.flatMap((isHealthy) => [probe(isHealthy), probe(true, 'other')])
        expect(failuresInRow(probes, 'front')).toBe([...answers].reverse().concat(true).indexOf(true))
      }),
    )
  })
})

describe('6.5 agents back', () => {
  it('passes only when every agent reports again', () => {
    const rules = anyRules()
    const waiting = addRound(opened({ isCanary: false }), round(60, undefined, true, ['i-1']), rules)
    expect(waiting).toMatchObject({ state: 'soaking', agentsMissing: ['i-1'] })
    expect(addRound(waiting, round(80), rules)).toMatchObject({ state: 'passed', agentsMissing: [] })
  })

  it('I20: holds when an agent stays silent', () => {
    let validation = opened({ isCanary: false })
    for (let step = 0; step < 6; step++)
      validation = addRound(validation, round(60 + step * 20, undefined, true, ['i-1']), anyRules())
    expect(validation).toMatchObject({ state: 'inconclusive', because: 'the agent of i-1 is silent' })
  })
})

describe('validation ends in bounded time (I11)', () => {
  it('whatever is seen, it has ended after looks, tolerated failures and two rounds more (property)', () => {
    const anyRound = fc.record({
      isHealthy: fc.boolean(),
      verdict: fc.constantFrom<Judgement['verdict']>('pass', 'fail', 'inconclusive'),
      agentsMissing: fc.constantFrom<string[]>([], ['i-1']),
    })
    const anySize = fc.record({
      looksMax: fc.integer({ min: 1, max: 5 }),
      probeFailuresMax: fc.integer({ min: 0, max: 4 }),
    })
    fc.assert(
      fc.property(fc.infiniteStream(anyRound), anySize, fc.boolean(), (stream, size, isCanary) => {
        const rules = anyRules(size)
        let validation = opened({ isCanary }, rules)
        let now = at
        let count = 0
        for (const seen of stream) {
          if (validation.state !== 'soaking') break
          now = later((Date.parse(now) - Date.parse(at)) / 1000 + secondsUntil(validation.nextLookAt, now))
          const judged =
            isCanary && validation.looks.length < rules.looksMax ? { judgement: judgement(seen.verdict) } : {}
          const probes = [probe(seen.isHealthy)]
          validation = addRound(validation, { at: now, probes, agentsMissing: seen.agentsMissing, ...judged }, rules)
          count++
        }
        expect(count).toBeLessThanOrEqual(rules.looksMax + rules.probeFailuresMax + 2)
        if (validation.state === 'passed') {
          expect(validation.probesAfter.at(-1)?.isHealthy).toBe(true)
          expect(validation.agentsMissing).toEqual([])
          if (isCanary) expect(validation.looks.at(-1)?.verdict).toBe('pass')
        }
      }),
    )
  })
})
