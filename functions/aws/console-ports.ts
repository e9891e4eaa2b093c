/** The console's ports: records, answers to waiting machines, the state of the log, and its own metrics. */
import { randomBytes } from 'node:crypto'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { logger } from '../kit/lambda-handler.ts'
import type { Settings } from './configuration.ts'
import { dynamoLogHead, dynamoOutbox } from './outbox.ts'
import { recordPorts, recordSettings } from './record-ports.ts'
import { systemSecrets } from './secrets.ts'
import { sfnTaskTokens } from './task-tokens.ts'

/** What `consolePorts` reads of the configuration. */
export const consoleSettings = { ...recordSettings, consoleUrl: true } as const

/** Ports of every page. */
export function consolePorts(settings: Pick<Settings, keyof typeof consoleSettings>) {
  const metrics = new Metrics({ namespace: 'Drydock' })
  return {
    ...recordPorts(settings),
    consoleUrl: settings.consoleUrl,
    secrets: systemSecrets(),
    tokens: sfnTaskTokens(),
    makeNonce: () => randomBytes(16).toString('base64'),
    logHead: dynamoLogHead(settings.table),
    outbox: dynamoOutbox(settings.table),
    // One line of EMF each: there is no middleware here that would flush at the end.
    metrics: {
      count: (name: string, by = 1) => void metrics.singleMetric().addMetric(name, MetricUnit.Count, by),
    },
    onFault: (fault: unknown, path: string) =>
      logger.error('the console failed', { path, error: fault instanceof Error ? fault : String(fault) }),
  }
}
