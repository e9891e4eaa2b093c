/** Makes one round of looking at a patched ring, and says whether to go on, pass, fail or hold. */
import { configured, Settings } from '../../aws/configuration.ts'
import { cloudWatchMetrics } from '../../aws/metric-source.ts'
import { httpProber } from '../../aws/prober.ts'
import { recordPorts, recordSettings } from '../../aws/record-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { JudgeCanary, run } from '../judge-canary.ts'

export { run }

export const Configuration = Settings.pick(recordSettings)

const buildPorts = configured(Configuration, (settings) => ({
  ...recordPorts(settings),
  prober: httpProber(),
  metrics: cloudWatchMetrics(),
}))

export const handler = lambdaHandler(JudgeCanary, buildPorts, run)
