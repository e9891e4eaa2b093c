import { DescribeInstanceInformationCommand, GetInventoryCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, it } from 'vitest'
import { ssmNodes } from '../../../functions/aws/nodes.ts'
import { mockClient } from '../../aws/mock-client.ts'

const entity = (id: string, type: string, ...content: Record<string, string>[]) => ({
  Id: id,
  Data: { [type]: { TypeName: type, SchemaVersion: '1.0', CaptureTime: '2026-01-01T00:00:00Z', Content: content } },
})

function anyClient() {
  const client = new SSMClient({ region: 'eu-central-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } })
  return { client, mock: mockClient(client) }
}

describe('11.1 ssmNodes', () => {
  it('puts pages of nodes and of tags together', async () => {
    const { client, mock } = anyClient()
    mock
      .on(GetInventoryCommand)
      .resolvesOnce({ Entities: [entity('i-1', 'AWS:Tag', { Key: 'a', Value: '1' })], NextToken: 'more' })
      .resolvesOnce({ Entities: [entity('i-1', 'AWS:Tag', { Key: 'b', Value: '2' })] })
    mock
      .on(DescribeInstanceInformationCommand)
      .resolvesOnce({ InstanceInformationList: [{ InstanceId: 'i-1', PingStatus: 'Online' }], NextToken: 'more' })
      .resolvesOnce({ InstanceInformationList: [{ InstanceId: 'i-2', PingStatus: 'ConnectionLost' }] })
    expect(await ssmNodes(client).all()).toMatchObject([
      { hostId: 'i-1', isOnline: true, tags: { a: '1', b: '2' } },
      { hostId: 'i-2', isOnline: false, agentVersion: '0', tags: {} },
    ])
  })

  it.each([
    ['a Debian version whole', [{ Version: '1:2.3-4ubuntu1' }], '1:2.3-4ubuntu1'],
    ['an RPM from its pieces', [{ Version: '3.0.7', Release: '24.el9', Epoch: '1' }], '1:3.0.7-24.el9'],
    ['no epoch', [{ Version: '3.0.7', Release: '24.el9', Epoch: '0' }], '3.0.7-24.el9'],
    ['an epoch of (none)', [{ Version: '3.0.7', Release: '24.el9', Epoch: '(none)' }], '3.0.7-24.el9'],
    [
      'the newest of several kernels',
      [
        { Version: '6.1.10', Release: '1.amzn2023' },
        { Version: '6.1.9', Release: '1.amzn2023' },
      ],
      '6.1.10-1.amzn2023',
    ],
  ])('reads %s', async (_, entries, version) => {
    const { client, mock } = anyClient()
    const content = [...entries.map((entry) => ({ Name: 'kernel', ...entry })), { Name: 'other', Version: '1' }]
    mock.on(GetInventoryCommand).resolves({ Entities: [entity('i-1', 'AWS:Application', ...content)] })
    expect(await ssmNodes(client).installed(['kernel'])).toEqual(new Map([['i-1', { kernel: version }]]))
  })

  it('asks for forty packages at a time', async () => {
    const { client, mock } = anyClient()
    mock.on(GetInventoryCommand).resolves({ Entities: [] })
    await ssmNodes(client).installed(Array.from({ length: 81 }, (_, index) => `p${index}`))
    const asked = mock.commandCalls(GetInventoryCommand).map(({ args }) => args[0].input.Filters?.[0]?.Values?.length)
    expect(asked).toEqual([40, 40, 1])
  })
})
