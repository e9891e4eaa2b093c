/** Refreshes one feed on a schedule. */
import { configured, Settings } from '../../aws/configuration.ts'
import { feedPorts, feedSettings } from '../../aws/feed-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { RefreshFeed, run } from '../refresh-feed.ts'

export { run }

const addresses = { kev: 'kevAddress', epss: 'epssAddress', vulnrichment: 'vulnrichmentAddress' } as const

export const Configuration = Settings.pick({
  ...feedSettings,
  kevAddress: true,
  epssAddress: true,
  vulnrichmentAddress: true,
})

export const handler = lambdaHandler(
  RefreshFeed,
  configured(Configuration, (settings) => ({ ...feedPorts(settings), addressOf: (feed) => settings[addresses[feed]] })),
  run,
)
