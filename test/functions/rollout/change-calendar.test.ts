import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterEach, describe, expect, it } from 'vitest'
import { ssmCalendarStates } from '../../../functions/aws/calendar-state.ts'
import { ChangeRecord } from '../../../functions/changes/change.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { RecordKey } from '../../../functions/kit/ledger.ts'
import { run } from '../../../functions/rollout/check-gates.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { scriptedProber } from '../../../simulator/ports/prober.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { mockClient } from '../../aws/mock-client.ts'
import { planHash } from '../approvals/any-ballot.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, approvedBallot, catalogueOf, healthyEvidence } from './any-catalogue.ts'

const change = anyChange({ state: 'approved', planHash })
const { changeId } = change
const ssm = mockClient(SSMClient)
afterEach(() => ssm.reset())
const closedUntil = '2026-01-02T00:00:00.000Z'

/** A change that is ready for its ring, of a service that a calendar in SSM concerns. */
async function heldBecause(calendarStates?: ReturnType<typeof ssmCalendarStates>, services: readonly string[] = []) {
  const ledger = memoryLedger()
  const clock = fixedClock(Date.parse('2026-01-01T12:00:00.000Z'))
  const calendars = [{ name: 'freeze', services, ssm: 'year-end' }]
  const records: readonly (readonly [string, RecordKey, unknown])[] = [
    ['change', keys.change(changeId), change],
    ['plan', keys.plan(changeId, planHash), anyPlan()],
    ['catalogue', keys.catalogue(), catalogueOf([anyService('web'), anyService('other')], { calendars })],
    ['question', keys.ballot(changeId), approvedBallot(changeId, planHash)],
  ]
  for (const [kind, key, value] of records) {
    const stored: Json = JSON.parse(JSON.stringify(value))
    const leaf = { leafId: kind, at: '', type: 't', account: '', changeId, actor: '', body: {} }
    await ledger.commit({ moves: [{ kind, key, from: 0, value: stored }], evidence: [leaf] })
  }
  const pins = Object.values(anyPlan().manifest.documents)
  const ports = {
    ledger,
    clock,
    ids: sequentialIds(),
    account: '123456789012',
    pins: { current: async (name: string) => pins.find((pin) => pin.name === name) },
    prober: scriptedProber(() => ({ isHealthy: true, elapsedMs: 7 })),
    evidenceHealth: healthyEvidence,
    ...(calendarStates ? { calendarStates } : {}),
  }
  const { verdict } = await run({ changeId, ring: 'production' }, ports)
  const held = (await ledger.read(ChangeRecord, keys.change(changeId)))?.value
  return { verdict, heldFor: held?.heldFor?.filter(({ gate }) => gate === 'calendar') }
}
const states = (): ReturnType<typeof ssmCalendarStates> =>
  ssmCalendarStates({ changesMax: 2 }, new SSMClient({ region: 'eu-central-1' }))

describe('2.3 an SSM Change Calendar through the gates of a ring', () => {
  it('lets a ring begin while it is open', async () => {
    ssm.on(GetCalendarStateCommand).resolves({ State: 'OPEN' })
    expect((await heldBecause(states())).verdict).toBe('go')
    expect(ssm.commandCalls(GetCalendarStateCommand)[0]?.args[0].input.CalendarNames).toEqual(['year-end'])
  })

  it('holds while it is closed, and names the instant at which it opens', async () => {
    ssm
      .on(GetCalendarStateCommand)
      .callsFake(({ AtTime }: { AtTime: string }) =>
        AtTime < closedUntil.slice(0, 10) ? { State: 'CLOSED', NextTransitionTime: closedUntil } : { State: 'OPEN' },
      )
    expect(await heldBecause(states())).toEqual({
      verdict: 'hold',
      heldFor: [{ gate: 'calendar', because: 'in calendar freeze', endedBy: { kind: 'time', at: closedUntil } }],
    })
  })

  it.each([
    ['errs', () => ssm.on(GetCalendarStateCommand).rejects(new Error('throttled')), states],
    ['answers what nobody knows', () => ssm.on(GetCalendarStateCommand).resolves({ State: undefined }), states],
    ['cannot be asked', () => undefined, (): undefined => undefined],
  ])('I20 holds where SSM %s', async (_, prepare, port) => {
    prepare()
    const { verdict, heldFor } = await heldBecause(port())
    expect(verdict).toBe('hold')
    expect(heldFor?.[0]?.because).toMatch(/calendar freeze .*closed/)
  })

  it('holds no service that the calendar does not concern', async () => {
    ssm.on(GetCalendarStateCommand).resolves({ State: 'CLOSED' })
    expect((await heldBecause(states(), ['other'])).verdict).toBe('go')
    expect((await heldBecause(states(), ['web'])).verdict).toBe('hold')
  })
})
