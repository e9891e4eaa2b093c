import { describe, expect, it } from 'vitest'
import {
  admissionOf,
  dependenciesOf,
  type Occupancies,
  occupiedServices,
  type ServiceOccupancy,
  unoccupied,
} from '../../../functions/rollout/occupancy.ts'

const limit = (service: string, dependsOn: string[]) => ({
  service,
  hosts: 3,
  minimumHealthy: 2,
  unavailableMax: 1,
  unavailableMaxByZone: {},
  dependsOn,
})
/** `web` needs `api`, which needs `database`. */
const plan = { limits: [limit('web', ['api', 'database']), limit('api', ['database']), limit('database', [])] }
const [older, own, younger] = ['01J1', '01J2', '01J3']
const nowMs = 1_000

const occupied = (services: Record<string, Partial<ServiceOccupancy>>): Occupancies =>
  new Map(
    Object.entries(services).map(([service, value]) => [
      service,
      { key: { pk: service, sk: '' }, version: 1, value: { ...unoccupied, ...value } },
    ]),
  )
const down = (changeId: string, isFailed = false, untilMs = 2_000) => ({
  down: { 'i-00000001': { changeId, zone: 'a', isFailed, untilMs } },
})
const waiting = (side: 'forService' | 'forDependents', changeId: string, isRollback = false) => ({
  waiting: { ...unoccupied.waiting, [side]: { [changeId]: { isRollback, untilMs: 2_000 } } },
})
const admission = (services: string[], occupancies: Occupancies, isRollback = false) =>
  admissionOf(services, plan, occupancies, { changeId: own ?? '', isRollback }, nowMs)

describe('I3 whether hosts of a service may go down', () => {
  it('is yes where nobody has hosts down around it', () => {
    expect(admission(['web'], occupied({}))).toEqual({ kind: 'admit' })
    expect(admission(['web'], occupied({ web: down(older ?? '') }))).toEqual({ kind: 'admit' })
  })

  it('is no while another change has hosts down of a service that it depends on, and marks who waits there', () => {
    expect(admission(['web'], occupied({ database: down(younger ?? '') }))).toEqual({
      kind: 'blocked',
      waits: [{ service: 'database', side: 'forDependents' }],
    })
  })

  it('is no while another change has hosts down of a service that depends on it', () => {
    expect(admission(['database'], occupied({ database: { dependentsDown: { [younger ?? '']: 2_000 } } }))).toEqual({
      kind: 'blocked',
      waits: [{ service: 'database', side: 'forService' }],
    })
  })

  it('is yes once the others failed, ran out of their time, or are the change itself', () => {
    expect(admission(['web'], occupied({ api: down(older ?? '', true) }))).toEqual({ kind: 'admit' })
    expect(admission(['web'], occupied({ api: down(older ?? '', false, nowMs) }))).toEqual({ kind: 'admit' })
    expect(admission(['web'], occupied({ api: down(own ?? '') }))).toEqual({ kind: 'admit' })
  })

  it('gives way to the older change that waits, and not to the younger', () => {
    expect(admission(['web'], occupied({ api: waiting('forService', older ?? '') }))).toEqual({ kind: 'yield' })
    expect(admission(['web'], occupied({ api: waiting('forService', younger ?? '') }))).toEqual({ kind: 'admit' })
    expect(admission(['api'], occupied({ api: waiting('forDependents', older ?? '') }))).toEqual({ kind: 'yield' })
  })

  it('gives way to a rollback whatever its age, and is itself kept back by no patch when it is one', () => {
    const rollback = occupied({ api: waiting('forService', younger ?? '', true) })
    expect(admission(['web'], rollback)).toEqual({ kind: 'yield' })
    expect(admission(['web'], occupied({ api: waiting('forService', older ?? '') }), true)).toEqual({ kind: 'admit' })
  })
})

describe('the services of a plan', () => {
  it('are those that hosts are taken of and all that they depend on, once each and in order', () => {
    expect(occupiedServices({ limits: [limit('web', ['database', 'api'])] })).toEqual(['api', 'database', 'web'])
    expect(dependenciesOf(['web', 'api'], plan)).toEqual(['api', 'database'])
  })
})
