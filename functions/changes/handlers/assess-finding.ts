/** Assesses a finding and lets it join or open its change; on redelivery nothing happens twice. */
import { assessmentPorts, assessmentSettings } from '../../aws/assessment-ports.ts'
import { configured, Settings } from '../../aws/configuration.ts'
import { queueHandler } from '../../kit/lambda-handler.ts'
import { AssessFinding, run } from '../assess-finding.ts'

export { run }

export const Configuration = Settings.pick(assessmentSettings)

export const handler = queueHandler(configured(Configuration, assessmentPorts), async (body, ports) => {
  await run(AssessFinding.parse(JSON.parse(body)), ports)
})
