/** The documents that a plan pins. */
import type { Change } from '../changes/index.ts'

/** Document of each rollout step on Linux nodes. */
const stepDocuments = {
  precheck: 'Drydock-Precheck',
  'restore-point': 'Drydock-RestorePoint',
  install: 'Drydock-Install',
  reboot: 'Drydock-Reboot',
  verify: 'Drydock-Verify',
  collect: 'Drydock-Collect',
  rollback: 'Drydock-Rollback',
} as const

/** The steps of a patch set: Windows has its own documents, and none that removes an update. */
export function stepDocumentsOf(patchSet: Change['patchSet']): Readonly<Record<string, string>> {
  if (patchSet === 'os-packages') return stepDocuments
  const { rollback: _, ...steps } = stepDocuments
  return Object.fromEntries(Object.entries(steps).map(([step, name]) => [step, `${name}Windows`]))
}
