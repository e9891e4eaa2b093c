import { describe, expect, it } from 'vitest'
import { parametersOf } from '../../../functions/rollout/parameters.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyRing, changeId } from './any-pass.ts'

const plan = anyPlan()
const overrideList = { yaml: 'patches:\n', sha256: 'b'.repeat(64) }
const windows = anyPlan({ manifest: { ...plan.manifest, overrideList } })
const command = (step: 'precheck' | 'install' | 'verify') => ({
  step,
  hostIds: [],
  packages: 'snapd=2.63',
  intendedAtMs: 0,
  deadlineMs: 1,
})
const names = (step: 'precheck' | 'install' | 'verify', of = plan) =>
  Object.keys(parametersOf(anyRing(), 'intent', command(step), of))

describe('4.3 parametersOf', () => {
  it('hands over the change, the intent and the packages of the command, each as a list of one', () => {
    expect(parametersOf(anyRing(), 'intent', command('install'), plan)).toEqual({
      changeId: [changeId],
      intentId: ['intent'],
      packages: ['snapd=2.63'],
    })
  })

  it('hands an override list to the install of a Windows plan, by key and hash of the same bytes', () => {
    expect(parametersOf(anyRing(), 'intent', command('install'), windows)).toMatchObject({
      overrideKey: [`overrides/${overrideList.sha256}.yaml`],
      overrideSha256: [overrideList.sha256],
    })
  })

  it('hands it to no other step', () => {
    for (const step of ['precheck', 'verify'] as const)
      expect(names(step, windows)).toEqual(['changeId', 'intentId', 'packages'])
  })
})
