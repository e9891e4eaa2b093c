import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { afterEach, describe, expect, it } from 'vitest'
import { eventBridgeImports } from '../../functions/aws/import-bus.ts'
import { mockClient } from '../aws/mock-client.ts'

const bus = mockClient(EventBridgeClient)
afterEach(() => bus.reset())
const imports = () => eventBridgeImports(new EventBridgeClient({ region: 'eu-west-1' }))
const sent = () =>
  bus.commandCalls(PutEventsCommand).map(({ args }) => (args[0].input.Entries ?? []).map(({ Detail }) => Detail))
const taken = (entries: readonly PutEventsRequestEntry[] | undefined) => ({
  Entries: (entries ?? []).map(() => ({ EventId: '1' })),
})

describe('3.8 imports by EventBridge', () => {
  it('puts each detail once, as an import, ten and 256 KiB a call', async () => {
    bus.on(PutEventsCommand).callsFake(async ({ Entries }) => taken(Entries))
    const small = Array.from({ length: 12 }, (_, index) => `{"findings":[${index}]}`)
    const large = ['a', 'b'].map((letter) => `"${letter.repeat(200_000)}"`)
    await imports().publish([...small, ...large])
    expect(sent().map((batch) => batch.length)).toEqual([10, 3, 1])
    expect(sent().flat()).toEqual([...small, ...large])
    expect(bus.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]).toMatchObject({
      Source: 'drydock.import',
      DetailType: 'Drydock Findings Imported',
    })
  })

  it('puts again only the entries that the bus refused', async () => {
    bus
      .on(PutEventsCommand)
      .resolvesOnce({ FailedEntryCount: 1, Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }] })
      .callsFake(async ({ Entries }) => taken(Entries))
    await imports().publish(['"a"', '"b"'])
    expect(sent()).toEqual([['"a"', '"b"'], ['"b"']])
  })

  it('I20 says so when the bus goes on refusing', async () => {
    bus.on(PutEventsCommand).resolves({ Entries: [{ ErrorCode: 'AccessDenied', ErrorMessage: 'not you' }] })
    await expect(imports().publish(['"a"'])).rejects.toThrow('DD2302: the bus refused 1 event 5 times: not you')
  })

  it('sends nothing when there is nothing', async () => {
    await imports().publish([])
    expect(sent()).toEqual([])
  })
})
