/** Asks every gate before a ring opens; a change that may not go is held with every reason, and with what ends each. */
import { ssmDocumentPins } from '../../aws/document-pins.ts'
import { dynamoLedger } from '../../aws/ledger.ts'
import { dynamoEvidenceHealth } from '../../aws/outbox.ts'
import { httpProber } from '../../aws/prober.ts'
import { hubAccount, systemClock, systemIds } from '../../aws/runtime.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { CheckGates, type Ports, run } from '../check-gates.ts'

export { run }

const buildPorts = (): Ports => ({
  ledger: dynamoLedger(),
  clock: systemClock,
  ids: systemIds,
  account: hubAccount(),
  pins: ssmDocumentPins(),
  prober: httpProber(),
  evidenceHealth: dynamoEvidenceHealth(systemClock),
})

export const handler = lambdaHandler(CheckGates, buildPorts, run)
