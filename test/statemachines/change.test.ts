import { describe, expect, it } from 'vitest'
import { errorNamed, inTurn, machineOf, transitionsOf, walk, walkedTransitions } from './machines.ts'

const changeId = '01J00000000000000000CHANGE'
const driver = `${changeId}-r2`
const input = { changeId, driver, seconds: 3 }
const step = (name: string, more: object = {}) => ({ changeId, driver, step: name, ...more })
const machines = {
  ApprovalMachine: () => ({}),
  DeploymentMachine: () => ({}),
  CanaryMachine: () => ({}),
  RollbackMachine: () => ({}),
}
const functions = {
  PlanChange: () => ({ outcome: 'planned' }),
  CloseChange: () => ({ outcome: 'closed', waitSeconds: 0 }),
}
const drive = (steps: readonly unknown[], more: object = {}) =>
  walk('change', { input, machines, functions: { ...functions, ChooseNextStep: inTurn(...steps) }, ...more })

/** A rollout from draft to closed, in the order in which the ledger asks for it. */
const wholeWay = [
  step('wait', { seconds: 5 }),
  step('plan'),
  step('approve'),
  step('deploy', { ring: 'canary' }),
  step('validate', { ring: 'canary' }),
  step('close'),
  step('done'),
]

describe('the change machine', () => {
  it('goes where the ledger says, and passes keys only', async () => {
    const { calls, waits, states } = await drive(wholeWay)
    expect(calls.filter((call) => call.name !== 'ChooseNextStep')).toEqual([
      { name: 'PlanChange', payload: { changeId } },
      { name: 'ApprovalMachine', payload: { changeId } },
      { name: 'DeploymentMachine', payload: { changeId, ring: 'canary' } },
      { name: 'CanaryMachine', payload: { changeId, ring: 'canary' } },
      { name: 'CloseChange', payload: { changeId } },
    ])
    expect(waits).toEqual([3, 5, 0])
    expect(states.at(-1)).toBe('Nothing left to drive')
  })

  it('says its own name at each look, whatever step it comes from', async () => {
    const { calls } = await drive(wholeWay)
    const looks = calls.filter(({ name }) => name === 'ChooseNextStep').map(({ payload }) => payload)
    expect(looks).toEqual(wholeWay.map(() => ({ changeId, driver })))
  })

  const tasks = [
    ['ChooseNextStep', []],
    ['PlanChange', [step('plan')]],
    ['CloseChange', [step('close')]],
  ] as const

  /** The task fails once; what it is asked next it answers. */
  const failingOnce = (name: string, steps: readonly unknown[]) => {
    const failing = inTurn(errorNamed('DrydockError'), step('done'))
    return drive([], {
      functions: { ...functions, ChooseNextStep: inTurn(...steps, step('done')), [name]: failing },
    })
  }

  it.each(tasks)('F21 outlives an error of %s: it waits and looks at the ledger again', async (name, steps) => {
    const { waits, states } = await failingOnce(name, steps)
    expect(waits).toEqual([3, 30])
    expect(states.slice(-3)).toEqual(['Choose the next step', 'Which step is next?', 'Nothing left to drive'])
  })

  it('rolls back with the ring and the reason', async () => {
    const { calls } = await drive([step('roll-back', { ring: 'canary', reason: 'ErrorRate is worse' }), step('done')])
    expect(calls).toContainEqual({
      name: 'RollbackMachine',
      payload: { changeId, ring: 'canary', reason: 'ErrorRate is worse' },
    })
  })

  it.each(['park', 'hold', 'release', 'done', 'something new'])(
    'ends on the step "%s", which needs no driver',
    async (name) => {
      expect((await drive([step(name)])).states).toEqual([
        'Wait',
        'Choose the next step',
        'Which step is next?',
        'Nothing left to drive',
      ])
    },
  )

  it('waits for evidence before it looks at a closed change again', async () => {
    const CloseChange = inTurn({ outcome: 'evidence-pending', waitSeconds: 2 }, { outcome: 'closed', waitSeconds: 0 })
    const ChooseNextStep = inTurn(step('close'), step('close'), step('done'))
    const { waits } = await drive([], { functions: { ...functions, CloseChange, ChooseNextStep } })
    expect(waits).toEqual([3, 2, 0])
  })

  const children = [
    ['ApprovalMachine', step('approve')],
    ['DeploymentMachine', step('deploy', { ring: 'dev' })],
    ['CanaryMachine', step('validate', { ring: 'dev' })],
    ['RollbackMachine', step('roll-back', { ring: 'dev', reason: 'r' })],
  ] as const

  it.each(children)('F21: looks at the ledger again when %s fails', async (child, next) => {
    const failing = { ...machines, [child]: inTurn(errorNamed('Aborted')) }
    const { states, waits } = await drive([next, step('done')], { machines: failing })
    expect(waits).toEqual([3, 5])
    expect(states.slice(-4)).toEqual(['Wait', 'Choose the next step', 'Which step is next?', 'Nothing left to drive'])
  })

  it('has no way that these walks leave out', async () => {
    const walks = await Promise.all([
      drive(wholeWay),
      drive([step('roll-back', { ring: 'dev', reason: 'r' }), step('done')]),
      ...children.map(([child, next]) =>
        drive([next, step('done')], { machines: { ...machines, [child]: inTurn(errorNamed('Aborted')) } }),
      ),
      ...tasks.map(([name, steps]) => failingOnce(name, steps)),
    ])
    const walked = new Set(walks.flatMap(({ states }) => walkedTransitions(states)))
    expect([...walked].sort()).toEqual(transitionsOf(machineOf('change')))
  })
})
