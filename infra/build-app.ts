/** The stacks of one configuration, with the rule packs on. */
import { type App, Tags } from 'aws-cdk-lib'
import { acknowledge } from './acknowledgements.ts'
import type { DrydockConfig } from './config.ts'
import { HubStack } from './hub-stack.ts'
import { checkWithNag } from './nag.ts'
import { SpokeStack } from './spoke-stack.ts'

/** One hub; a spoke for each account of the configuration once the hub's outputs are known. */
export function buildApp(
  app: App,
  config: DrydockConfig,
  account: string | undefined,
): { hub: HubStack; spokes: SpokeStack[] } {
  const hub = new HubStack(app, 'DrydockHub', {
    config,
    env: { ...(account === undefined ? {} : { account }), region: config.region },
  })
  const { hub: outputs, organizationId } = config
  const spokes =
    outputs && organizationId
      ? config.spokes.map(
          (spoke) =>
            new SpokeStack(app, `DrydockSpoke-${spoke.account}-${spoke.region}`, {
              config,
              externalId: spoke.externalId,
              organizationId,
              hub: outputs,
              env: { account: spoke.account, region: spoke.region },
            }),
        )
      : []
  for (const stack of [hub, ...spokes]) acknowledge(stack)
  Tags.of(app).add('application', 'drydock')
  // The local cloud deploys what test/infra has checked already.
  if (config.target === 'aws') checkWithNag(app)
  return { hub, spokes }
}
