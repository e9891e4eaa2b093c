import { SSMClient } from '@aws-sdk/client-ssm'
import { afterEach, describe, expect, it } from 'vitest'
import { oneClient, ssmCommands } from '../../functions/aws/commands.ts'
import { type FleetServer, startFleetServer } from '../../local/fleet-server.ts'
import { defaultFleet } from '../../simulator/fleet/default-fleet.ts'
import { fleetCommands } from '../../simulator/ports/commands.ts'
import { fixedClock } from '../../simulator/ports/time.ts'
import { anyIntent, commandsContract, findOne } from './commands.ts'

const servers: FleetServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const clientOf = (server: FleetServer) =>
  new SSMClient({
    endpoint: server.address,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })

async function served(limits = {}) {
  const fleet = defaultFleet(7, 200, limits)
  const server = await startFleetServer({ fleet, onEvent: () => undefined })
  servers.push(server)
  return { fleet, server, commands: ssmCommands(oneClient(clientOf(server)), 'output') }
}

const isSettled = (fleet: ReturnType<typeof defaultFleet>) =>
  [...fleet.commands.values()].every(({ invocations }) =>
    invocations.every(({ status }) => !['Pending', 'InProgress', 'Delayed'].includes(status)),
  )

describe('Run Command in process', () => {
  commandsContract(async () => {
    const fleet = defaultFleet(7, 200)
    const clock = fixedClock(1_790_000_000_000)
    return {
      fleet,
      commands: fleetCommands(fleet, clock),
      async settle() {
        clock.advance(60_000)
        fleet.tick(clock.nowMs())
        fleet.tick(clock.nowMs())
      },
    }
  })
})

describe('Run Command by SSM, on the fleet simulator', () => {
  commandsContract(async () => {
    const { fleet, commands } = await served()
    return {
      fleet,
      commands,
      settle: () => expect.poll(() => isSettled(fleet), { timeout: 5_000, interval: 20 }).toBe(true),
    }
  })

  it('F24 tells a throttled send from a failed one', async () => {
    const { fleet, commands } = await served({ SendCommand: { perSecond: 0.001, burst: 1 } })
    expect(await commands.send(anyIntent(fleet))).toHaveProperty('commandId')
    expect(await commands.send(anyIntent(fleet))).toMatchObject({ refused: 'throttled' })
  })

  it('F8 an answer that is lost leaves a command that its intent finds', async () => {
    const { fleet, server, commands } = await served()
    const intent = anyIntent(fleet)
    server.loseAnswers('SendCommand', 1)
    expect(await commands.send(intent)).toMatchObject({ refused: 'unavailable' })
    expect(await findOne(commands, intent.intentId)).toBe([...fleet.commands.keys()][0])
  })
})
