import { describe, expect, it } from 'vitest'
import { faultsOf, operationOf } from '../../../simulator/aws-models/faults-of.ts'

const commandId = '0f3a4c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b'
const one = { CommandId: commandId, InstanceId: 'i-0123456789abcdef0' }

describe("12.1 AWS's models", () => {
  it('allow what AWS allows', () => {
    expect(faultsOf('ssm', 'GetCommandInvocation', { ...one, PluginName: 'runStep' }, 'request')).toEqual([])
  })

  it.each([
    ['a text too short', { ...one, PluginName: 'run' }, ['GetCommandInvocation.PluginName: length 3, the least is 4']],
    ['a member that is missing', { CommandId: commandId }, ['GetCommandInvocation.InstanceId: missing']],
    ['a member unknown', { ...one, Plugin: 'x' }, ['GetCommandInvocation.Plugin: AWS knows no such member']],
    ['another type', { ...one, PluginName: 1 }, ['GetCommandInvocation.PluginName: number, not text']],
  ])('refuse %s', (_, input, faults) => {
    expect(faultsOf('ssm', 'GetCommandInvocation', input, 'request')).toEqual(faults)
  })

  it('refuse more items, a larger number and another word than AWS takes', () => {
    const input = {
      DocumentName: 'Drydock-Install',
      InstanceIds: Array.from({ length: 51 }, () => one.InstanceId),
      TimeoutSeconds: 2_592_001,
      DocumentHashType: 'Md5',
    }
    expect(faultsOf('ssm', 'SendCommand', input, 'request')).toEqual([
      'SendCommand.InstanceIds: number of items 51, the most is 50',
      'SendCommand.TimeoutSeconds: 2592001, the most is 2592000',
      'SendCommand.DocumentHashType: "Md5" is none of its values',
    ])
  })

  it('refuse a text that does not match, in a request', () => {
    const faults = faultsOf('ssm', 'GetCommandInvocation', { ...one, InstanceId: 'web-1' }, 'request')
    expect(faults).toEqual([expect.stringContaining('"web-1" does not match')])
  })

  it('reach into maps and lists', () => {
    const item = { Put: { TableName: 't', Item: { pk: { S: 1 } }, Extra: true } }
    expect(faultsOf('dynamodb', 'TransactWriteItems', { TransactItems: [item] }, 'request')).toEqual([
      'TransactWriteItems.TransactItems[0].Put.Item.pk.S: number, not text',
      'TransactWriteItems.TransactItems[0].Put.Extra: AWS knows no such member',
    ])
  })

  it('say what to do about an operation that they lack', () => {
    expect(() => faultsOf('ssm', 'CreateOpsItem', {}, 'request')).toThrow('run tools/aws-models.py')
  })

  it('are found by the header of a JSON protocol', () => {
    expect(operationOf('AmazonSSM.SendCommand')).toEqual({ service: 'ssm', operation: 'SendCommand' })
    expect(operationOf('Nothing.SendCommand')).toBeUndefined()
  })
})
