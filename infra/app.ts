/** The CDK app: one hub, any number of spokes. */
import { bundleHandlers } from './bundle.ts'

// The bundles are built beside the library's loading, which takes as long.
const bundles = bundleHandlers()
const [{ App }, { buildApp }, { readConfig }] = await Promise.all([
  import('aws-cdk-lib'),
  import('./build-app.ts'),
  import('./config.ts'),
])
const app = new App()
const config = readConfig(app.node.getContext('drydock'))
await bundles
buildApp(app, config, process.env.CDK_DEFAULT_ACCOUNT)
if (config.retention.mode === 'compliance') {
  process.stderr.write(
    `warning: Object Lock in compliance mode for ${config.retention.days} days: nobody can delete the evidence bucket before that\n`,
  )
}
app.synth()
