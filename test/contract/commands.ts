/** What every way to Run Command must do; run on the fleet in process and on SSM's protocol. */
import { expect, it } from 'vitest'
import type { CommandIntent, Commands, SpokeAccess } from '../../functions/rollout/ports.ts'
import type { Fleet } from '../../simulator/fleet/fleet.ts'

export interface MadeCommands {
  readonly commands: Commands
  readonly fleet: Fleet
  /** Lets time pass until every invocation has ended. */
  settle(): Promise<void>
}

const intents = { count: 0 }
const nextIntentId = () => `01J0000CMD${String(intents.count++).padStart(16, '0')}`
const changeId = '01J0000000000000000000CHNG'

/** The first hosts of the fleet, by name. */
export const firstHosts = (fleet: Fleet, count: number) =>
  fleet
    .describeNodes()
    .slice(0, count)
    .map(({ hostId }) => hostId)

export function anyIntent(fleet: Fleet, changes: Partial<CommandIntent> = {}): CommandIntent {
  const name = changes.document?.name ?? 'Drydock-Precheck'
  const document = fleet.documents.get(name)
  const intentId = changes.intentId ?? nextIntentId()
  return {
    intentId,
    step: 'precheck',
    document: { name, version: document?.version ?? '1', hash: document?.hash ?? '' },
    parameters: { changeId: [changeId], intentId: [intentId], packages: ['snapd=2.63+22.04ubuntu0.1'] },
    hostIds: firstHosts(fleet, 3),
    timeoutSeconds: 30,
    ...changes,
  }
}

/** The command of an intent to check hosts, if SSM has it. */
export const findOne = async (commands: Commands, intentId: string, access?: SpokeAccess) =>
  (await commands.find({ intentIds: [intentId], documents: ['Drydock-Precheck'], sinceMs: 0 }, access)).get(intentId)

export function commandsContract(makeCommands: () => Promise<MadeCommands>) {
  const sent = async (made: MadeCommands, changes: Partial<CommandIntent> = {}) => {
    const result = await made.commands.send(anyIntent(made.fleet, changes))
    return 'commandId' in result ? result.commandId : `refused: ${result.refused} ${result.detail}`
  }

  it('gives a command id, and one invocation for each host with the result document', async () => {
    const made = await makeCommands()
    const commandId = await sent(made)
    expect(commandId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    await made.settle()
    const invocations = await made.commands.invocations(commandId)
    expect(invocations.map(({ hostId }) => hostId).sort()).toEqual(firstHosts(made.fleet, 3))
    for (const { status, exitCode, output, startedAt = '', endedAt = '' } of invocations) {
      expect([status, exitCode]).toEqual(['Success', 0])
      expect(JSON.parse(output)).toMatchObject({ step: 'precheck', changeId, ok: true })
      expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.parse(endedAt))
    }
  })

  it('says of an invocation that runs neither an exit code nor an end', async () => {
    const made = await makeCommands()
    const [invocation] = await made.commands.invocations(await sent(made))
    expect(['Pending', 'InProgress']).toContain(invocation?.status)
    expect(invocation).toMatchObject({ exitCode: -1, output: '' })
    expect(invocation).not.toHaveProperty('endedAt')
  })

  it('F8 finds a command again by its intent', async () => {
    const made = await makeCommands()
    const intentId = nextIntentId()
    const commandId = await sent(made, { intentId })
    expect(await findOne(made.commands, intentId)).toBe(commandId)
  })

  it('F8 finds it behind many younger commands', async () => {
    const made = await makeCommands()
    const intentId = nextIntentId()
    const commandId = await sent(made, { intentId })
    for (let count = 0; count < 600; count++) await sent(made, { hostIds: firstHosts(made.fleet, 1) })
    expect(await findOne(made.commands, intentId)).toBe(commandId)
  })

  it('finds nothing for an intent that was never sent', async () => {
    const made = await makeCommands()
    await sent(made)
    expect(await findOne(made.commands, nextIntentId())).toBeUndefined()
  })

  it('F8 finds several at once, and names the intent with each invocation', async () => {
    const made = await makeCommands()
    const intentIds = [nextIntentId(), nextIntentId(), nextIntentId()]
    const [first = '', second = '', never = ''] = intentIds
    const ids = [await sent(made, { intentId: first }), await sent(made, { intentId: second })]
    const sought = { intentIds, documents: ['Drydock-Install', 'Drydock-Precheck'], sinceMs: 0 }
    const found = await made.commands.find(sought)
    expect([found.get(first), found.get(second), found.has(never)]).toEqual([...ids, false])
    const [invocation] = await made.commands.invocations(ids[1] ?? '')
    expect(invocation).toMatchObject({ intentId: second })
  })

  it('takes 50 hosts and refuses 51', async () => {
    const made = await makeCommands()
    const commandId = await sent(made, { hostIds: firstHosts(made.fleet, 50) })
    expect(await made.commands.invocations(commandId)).toHaveLength(50)
    expect(await sent(made, { hostIds: firstHosts(made.fleet, 51) })).toMatch(/^refused: invalid-document/)
  })

  it('B43 refuses a document whose hash is another one', async () => {
    const made = await makeCommands()
    const { document } = anyIntent(made.fleet)
    const before = made.fleet.commands.size
    expect(await sent(made, { document: { ...document, hash: 'f'.repeat(64) } })).toMatch(/^refused: hash-mismatch/)
    expect(made.fleet.commands.size).toBe(before)
  })

  it('B43 refuses a version that is not there', async () => {
    const made = await makeCommands()
    const { document } = anyIntent(made.fleet)
    expect(await sent(made, { document: { ...document, version: '99' } })).toMatch(/^refused: hash-mismatch/)
  })

  it.each(['foo; curl x|sh', 'foo=1.0$(reboot)', 'foo=`id`', 'foo={{ssm:/secret}}'])(
    'B1 refuses the parameter %j',
    async (packages) => {
      const made = await makeCommands()
      const intent = anyIntent(made.fleet)
      const parameters = { ...intent.parameters, packages: [packages] }
      expect(await sent(made, { parameters })).toMatch(/^refused: invalid-document/)
      expect(made.fleet.commands.size).toBe(0)
    },
  )

  it('refuses a host that SSM does not know', async () => {
    const made = await makeCommands()
    expect(await sent(made, { hostIds: ['i-0ffffffffffffffff'] })).toMatch(/^refused: invalid-instance/)
  })

  it('F25 tells a command that was never delivered', async () => {
    const made = await makeCommands()
    const [hostId = ''] = firstHosts(made.fleet, 1)
    made.fleet.script({ hostId, step: 'precheck', fault: 'delivery-timeout', times: 1 })
    const commandId = await sent(made)
    await made.settle()
    const invocations = await made.commands.invocations(commandId)
    expect(invocations.filter(({ status }) => status === 'DeliveryTimedOut').map((one) => one.hostId)).toEqual([hostId])
    expect(invocations.filter(({ status }) => status === 'Success')).toHaveLength(2)
  })

  it('5.4 tells a failure with its exit code and its result', async () => {
    const made = await makeCommands()
    const [hostId = ''] = firstHosts(made.fleet, 1)
    made.fleet.script({ hostId, step: 'precheck', fault: 'transient-failure', times: 1 })
    const commandId = await sent(made)
    await made.settle()
    const failed = (await made.commands.invocations(commandId)).find((one) => one.hostId === hostId)
    expect(failed).toMatchObject({ status: 'Failed', exitCode: 1 })
    expect(JSON.parse(failed?.output ?? '')).toMatchObject({ ok: false, reason: 'package-manager-locked' })
  })

  it('I18 cancels what no agent has yet', async () => {
    const made = await makeCommands()
    const commandId = await sent(made)
    await made.commands.cancel(commandId)
    await made.settle()
    const statuses = (await made.commands.invocations(commandId)).map(({ status }) => status)
    expect(statuses).toEqual(['Cancelled', 'Cancelled', 'Cancelled'])
  })
}
