/** The CDK app: one hub, any number of spokes. */
import { App, Tags } from 'aws-cdk-lib'
import { acknowledge } from './acknowledgements.ts'
import { readConfig } from './config.ts'
import { HubStack } from './hub-stack.ts'
import { checkWithNag } from './nag.ts'
import { SpokeStack } from './spoke-stack.ts'

const app = new App()
const config = readConfig(app.node.getContext('drydock'))
const account = process.env.CDK_DEFAULT_ACCOUNT
const hub = new HubStack(app, 'DrydockHub', {
  config,
  env: { ...(account === undefined ? {} : { account }), region: config.region },
})
acknowledge(hub)
const hubOutputs = config.hub
for (const spoke of hubOutputs ? config.spokes : []) {
  if (!hubOutputs) continue
  const stack = new SpokeStack(app, `DrydockSpoke-${spoke.account}-${spoke.region}`, {
    config,
    externalId: spoke.externalId,
    hub: hubOutputs,
    env: { account: spoke.account, region: spoke.region },
  })
  acknowledge(stack)
}
Tags.of(app).add('application', 'drydock')
if (config.retention.mode === 'compliance')
  process.stderr.write(
    `warning: Object Lock in compliance mode for ${config.retention.days} days: nobody can delete the evidence bucket before that\n`,
  )
checkWithNag(app)
app.synth()
