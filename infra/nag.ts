/** The rule packs that every stack must pass: AwsSolutions, NIST 800-53 R5, Serverless. */
import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag'

export function checkWithNag(app: App) {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app, { verbose: true }),
    new NIST80053R5Checks(app, { verbose: true }),
    new ServerlessChecks(app, { verbose: true }),
  )
}
