/** Reconciles changes on a schedule and when a driver dies; logs each held change with what ends its hold. */
import { configured, Settings } from '../../aws/configuration.ts'
import { reconcilerPorts, reconcilerSettings } from '../../aws/reconciler-ports.ts'
import { lambdaHandler } from '../../kit/lambda-handler.ts'
import { ReconcileChanges, run } from '../reconcile-changes.ts'

export { run }

export const Configuration = Settings.pick(reconcilerSettings)

export const handler = lambdaHandler(ReconcileChanges, configured(Configuration, reconcilerPorts), run)
