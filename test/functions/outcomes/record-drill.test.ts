import { describe, expect, it } from 'vitest'
import { lastRestoreOf } from '../../../functions/outcomes/outcome-queries.ts'
import { run as recordDrill } from '../../../functions/outcomes/record-drill.ts'
import { run as recordOutcomes } from '../../../functions/outcomes/record-outcomes.ts'
import { anyPorts, anyRun, at } from './any-run.ts'

const drill = {
  service: 'web',
  hostId: 'i-1',
  kind: 'package-downgrade',
  seconds: 240,
  ok: true,
  at: at(10),
} as const

describe('1.4 a restore drill', () => {
  it('is recorded once, with evidence, and is the last restore of its service', async () => {
    const { ledger, ports } = anyPorts()
    expect(await recordDrill(drill, ports)).toEqual({ outcome: 'recorded' })
    expect(await recordDrill(drill, ports)).toEqual({ outcome: 'known' })
    expect(ledger.outbox()).toMatchObject([{ type: 'outcome.drill-recorded', body: { service: 'web', seconds: 240 } }])
    expect(await lastRestoreOf('web', ledger)).toEqual({ by: 'drill', at: at(10), seconds: 240, ok: true })
  })

  it('DD2502 is never changed afterwards', async () => {
    const { ports } = anyPorts()
    await recordDrill(drill, ports)
    await expect(recordDrill({ ...drill, ok: false }, ports)).rejects.toThrow('DD2502')
  })

  it('may have taken a time that nobody measured', async () => {
    const { ledger, ports } = anyPorts()
    await recordDrill({ ...drill, seconds: 'unknown' }, ports)
    expect(await lastRestoreOf('web', ledger)).toMatchObject({ seconds: 'unknown' })
  })
})

describe('1.4 the last restore of a service', () => {
  const changeId = '01J00000000000000000000001'
  const rollBack = (
    tookSeconds: number,
    verdict: 'restored' | 'quarantined',
    ports: ReturnType<typeof anyPorts>['ports'],
  ) =>
    recordOutcomes(
      {
        changeId,
        service: 'web',
        ending: 'rolled-back',
        because: String(tookSeconds),
        rollback: { tookSeconds, rtoSeconds: 900, isKept: verdict === 'restored' },
      },
      async () => [anyRun({ verdict, rollbackOpenedAt: at(20) })],
      ports,
    )

  it('is unknown where there was none', async () => {
    expect(await lastRestoreOf('web', anyPorts().ledger)).toBe('unknown')
  })

  it.each([
    ['restored', true],
    ['quarantined', false],
  ] as const)('is a rollback whose host is %s: ok %s', async (verdict, ok) => {
    const { ledger, ports } = anyPorts()
    await rollBack(60, verdict, ports)
    expect(await lastRestoreOf('web', ledger)).toEqual({ by: 'rollback', at: at(30), seconds: 60, ok })
  })

  it('is the newer of drill and rollback, and no change that only closed', async () => {
    const { ledger, clock, ports } = anyPorts()
    await recordDrill(drill, ports)
    await rollBack(60, 'restored', ports)
    expect(await lastRestoreOf('web', ledger)).toMatchObject({ by: 'rollback' })
    await recordDrill({ ...drill, at: at(40) }, ports)
    expect(await lastRestoreOf('web', ledger)).toMatchObject({ by: 'drill', at: at(40) })
    clock.advance(3_600_000)
    for (let index = 0; index < 60; index++)
      await recordOutcomes(
        { changeId: `${changeId.slice(0, 20)}${index}`, service: 'web', ending: 'closed', because: 'proven' },
        async () => [anyRun()],
        ports,
      )
    expect(await lastRestoreOf('web', ledger)).toMatchObject({ by: 'drill', at: at(40) })
  })
})
