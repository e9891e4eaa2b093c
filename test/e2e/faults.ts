/** Faults of the cloud under a rollout; the suite runs on a cloud that keeps its state. */
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { expect, it } from 'vitest'
import { type Change, ChangeRecord } from '../../functions/changes/change.ts'
import { terminalStates } from '../../functions/changes/reducer.ts'
import { lists } from '../../functions/kit/keys.ts'
import { ringsOf } from '../../functions/rollout/ring-record.ts'
import type { startEmulatorCloud } from '../../local/emulator-cloud.ts'
import { approveAll } from '../../local/scenario/approve.ts'
import { type Story, storyFindings } from '../../local/scenario/stories.ts'
import { awaitValue } from '../../local/scenario/wait.ts'
import { inspectorFindingEvent } from '../../local/scenario-findings.ts'
import type { Fleet } from '../../simulator/fleet/fleet.ts'

interface Stage {
  readonly fleet: Fleet
  readonly cloud: Awaited<ReturnType<typeof startEmulatorCloud>>
}

const answered = new Set<string>()
let fleet: Stage['fleet']
let cloud: Stage['cloud']

const changeOf = async (story: Story) =>
  (await cloud.ledger.list(ChangeRecord, lists.changes))
    .map(({ value }) => value)
    .find(({ service }) => service === storyFindings[story].service)

async function reportFinding(story: Story) {
  const { service, ...finding } = storyFindings[story]
  const hostId = fleet.describeNodes().find(({ tags }) => tags['patch-service'] === service)?.hostId ?? ''
  await cloud.publish(
    inspectorFindingEvent({
      ...finding,
      account: '123456789012',
      region: 'eu-central-1',
      hostId,
      status: 'ACTIVE',
      updatedAtIso: new Date().toISOString(),
      findingUuid: `${story}0000000000000000000000000`.slice(0, 32).toLowerCase(),
      platform: 'UBUNTU_22_04',
    }),
  )
}

/** The change of a story once `isThere`, with its ballots approved on the way. */
function awaitChange(story: Story, what: string, isThere: (change: Change) => boolean | Promise<boolean>) {
  return awaitValue(
    `${what} of the ${story} change`,
    async () => {
      const change = await changeOf(story)
      if (change?.state === 'awaiting-approval') await approveAll(cloud, answered)
      return change && (await isThere(change)) ? change : undefined
    },
    { timeoutMs: 240_000, everyMs: 200, describe: async () => JSON.stringify(await changeOf(story)) },
  )
}

async function hasHostsDoneAndInWork({ changeId, state }: Change) {
  if (state !== 'in-progress' && state !== 'validating') return false
  const rings = await ringsOf(changeId, cloud.ledger)
  const states = rings.flatMap(({ hosts }) => Object.values(hosts)).map((host) => host.state)
  return states.includes('done') && states.includes('sent')
}

const isEnded = ({ state }: Change) => terminalStates.includes(state)

async function driversOf(changeId: string) {
  const { executions = [] } = await new SFNClient(cloud.client).send(
    new ListExecutionsCommand({ stateMachineArn: cloud.outputs.ChangeMachineArn }),
  )
  return executions.filter(({ name }) => name?.includes(changeId))
}

/** Stops every driver of the change that runs, and waits for one that runs under another name. */
async function killDriver(changeId: string, times: number) {
  for (let killed = 0; killed < times; killed++) {
    const running = (await driversOf(changeId)).filter(({ status }) => status === 'RUNNING')
    const names = new Set(running.map(({ name }) => name))
    for (const { executionArn } of running)
      await new SFNClient(cloud.client).send(new StopExecutionCommand({ executionArn }))
    await awaitValue(
      `the driver after ${killed + 1} that were killed`,
      async () => (await driversOf(changeId)).find(({ name, status }) => status === 'RUNNING' && !names.has(name)),
      { timeoutMs: 60_000, everyMs: 200 },
    )
  }
}

const installsOf = () =>
  [...fleet.commands.values()]
    .filter(({ documentName }) => documentName.toLowerCase().includes('install'))
    .flatMap(({ invocations }) => invocations.map(({ hostId }) => hostId))

/** F22 on the cloud of `stageOf`, which is asked once the suite runs. */
export function faultsOfTheCloud(stageOf: () => Stage): void {
  it('F22 I1 I2 I11 a restart of the cloud in its middle ends no rollout: it goes on from the ledger, and installs once', async () => {
    const stage = stageOf()
    fleet = stage.fleet
    cloud = stage.cloud
    await reportFinding('patched')
    const { changeId } = await awaitChange('patched', 'the middle', hasHostsDoneAndInWork)
    await cloud.restart()
    // Nobody asks the reconciler: the drivers that died do, also when they die again before their change moves.
    await killDriver(changeId, 3)
    const ended = await awaitChange('patched', 'the end', isEnded)
    expect(ended).toMatchObject({ changeId, state: 'closed' })
    const statuses = await awaitValue(
      'the end of the last driver, which looks once more',
      async () => {
        const all = (await driversOf(changeId)).map(({ status }) => status)
        return all.includes('RUNNING') ? undefined : all
      },
      { timeoutMs: 60_000 },
    )
    expect(statuses).toEqual(expect.arrayContaining(['FAILED', 'ABORTED', 'SUCCEEDED']))
    expect(installsOf().length).toBeGreaterThan(10)
    expect(new Set(installsOf()).size).toBe(installsOf().length)
  })
}
