import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { sqsNudges } from '../../../functions/aws/nudges.ts'
import { mockClient } from '../../aws/mock-client.ts'

describe('sqsNudges', () => {
  it('refuses a stage whose queue it was not told, and sends nothing elsewhere', async () => {
    const client = new SQSClient({ region: 'eu-central-1' })
    const sqs = mockClient(client)
    const nudges = sqsNudges({ dispatch: 'https://sqs.example/dispatch' }, client)
    await expect(nudges.send('archive', { changeId: '1' })).rejects.toMatchObject({
      code: 'DD1002',
      message: expect.stringContaining('nudge:archive'),
    })
    await nudges.send('dispatch', { changeId: '1' }, 30)
    expect(sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
      { QueueUrl: 'https://sqs.example/dispatch', MessageBody: '{"changeId":"1"}', DelaySeconds: 30 },
    ])
  })
})
