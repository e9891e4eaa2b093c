/** State transitions of one change, counted by running the real machines on typical answers. */
import { readFileSync } from 'node:fs'
import { runMachine } from '../simulator/machines/asl-runner.ts'
import { taskTokens } from '../simulator/machines/task-tokens.ts'

const rings = ['dev', 'staging', 'canary', 'production']
const changeId = '01J00000000000000000000001'
const definition = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../statemachines/${file}.asl.json`, import.meta.url), 'utf8'))

/** What the driver is told, in order: a change with one reminder and `looks` looks at its canary. */
const steps = [
  { step: 'wait', seconds: 900 },
  { step: 'plan' },
  { step: 'approve' },
  ...rings.flatMap((ring) => [
    { step: 'deploy', ring },
    { step: 'validate', ring },
  ]),
  { step: 'close' },
  { step: 'done' },
]

/** Transitions of all machines for one change that goes well; they do not depend on the number of hosts. */
export async function countTransitions(looks: number): Promise<number> {
  let transitions = 0
  let at = 0
  const asked = ['ask', 'remind', 'done']
  const looked = new Map<string, number>()
  const tokens = taskTokens()
  const answerSoon = async (payload: unknown) => {
    const token = payload && typeof payload === 'object' && 'taskToken' in payload ? String(payload.taskToken) : ''
    queueMicrotask(() => void tokens.succeed(token, {}))
    return {}
  }
  const ringOf = (payload: unknown) =>
    payload && typeof payload === 'object' && 'ring' in payload ? String(payload.ring) : ''
  const functions = {
    ChooseNextStep: async () => ({ changeId, ...(steps[at++] ?? { step: 'done' }) }),
    PlanChange: async () => ({}),
    CloseChange: async () => ({ outcome: 'closed', waitSeconds: 0 }),
    OpenBallot: async () => ({ changeId, step: asked.shift(), waitSeconds: 1, seconds: 1 }),
    CloseBallot: async () => ({ changeId, step: asked.shift() ?? 'done', waitSeconds: 1, seconds: 1 }),
    AskApprovers: answerSoon,
    CheckGates: async (payload: unknown) => ({ changeId, ring: ringOf(payload), verdict: 'go' }),
    OpenRing: answerSoon,
    HoldRing: async () => ({}),
    StartValidation: async (payload: unknown) => ({
      changeId,
      ring: ringOf(payload),
      state: 'soaking',
      waitSeconds: 1,
    }),
    JudgeCanary: async (payload: unknown) => {
      const ring = ringOf(payload)
      const done = (looked.get(ring) ?? 0) + 1
      looked.set(ring, done)
      const verdict = ring === 'canary' && done < looks ? 'continue' : 'pass'
      return { changeId, ring, verdict, waitSeconds: 1 }
    },
  }
  const machine = (file: string, input: unknown): Promise<unknown> =>
    runMachine({
      definition: definition(file),
      input,
      functions,
      machines: {
        ApprovalMachine: (own) => machine('approval', own),
        DeploymentMachine: (own) => machine('deployment', own),
        CanaryMachine: (own) => machine('canary', own),
      },
      wait: async () => undefined,
      tokens,
      onState: () => transitions++,
    })
  await machine('change', { changeId })
  return transitions
}
