/** The configuration that the stacks are tested with: a hub with one spoke. */
import { readFileSync } from 'node:fs'
import type { Template } from 'aws-cdk-lib/assertions'
import { readConfig } from '../../infra/config.ts'

export const config = readConfig({
  target: 'aws',
  region: 'eu-central-1',
  organizationId: 'o-abcdefghij',
  retention: { mode: 'governance', days: 1 },
  mailSender: 'drydock@example.com',
  alarmEmail: 'operations@example.com',
  snsApprovers: [
    { id: 'olivia', protocol: 'email', endpoint: 'olivia@example.com' },
    { id: 'sven', protocol: 'https', endpoint: 'https://chat.example/drydock/sven' },
  ],
  consoleSignIn: { kind: 'iam' },
  findingAggregators: ['333333333333', '111111111111'],
  spokes: [{ account: '222222222222', region: 'eu-west-1', externalId: '0123456789abcdef' }],
  hub: {
    dispatcherRoleArn: 'arn:aws:iam::111111111111:role/hub',
    inventoryRoleArn: 'arn:aws:iam::111111111111:role/inventory',
    plannerRoleArn: 'arn:aws:iam::111111111111:role/planner',
    busArn: 'arn:aws:events:eu-central-1:111111111111:event-bus/hub',
    overridesBucket: 'drydock-overrides-111111111111',
  },
})

/** The committed context. */
export const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))

/** Every statement of the policies of a template. */
export const statements = (template: Template) =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap((policy) =>
    [policy.Properties.PolicyDocument.Statement].flat(),
  )
