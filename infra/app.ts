/** The CDK app: one hub, any number of spokes. */
import { App } from 'aws-cdk-lib'
import { buildApp } from './build-app.ts'
import { bundleHandlers } from './bundle.ts'
import { readConfig } from './config.ts'

const app = new App()
const config = readConfig(app.node.getContext('drydock'))
await bundleHandlers()
buildApp(app, config, process.env.CDK_DEFAULT_ACCOUNT)
if (config.retention.mode === 'compliance') {
  process.stderr.write(
    `warning: Object Lock in compliance mode for ${config.retention.days} days: nobody can delete the evidence bucket before that\n`,
  )
}
app.synth()
