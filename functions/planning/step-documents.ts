/** The documents that a plan pins. */
import type { Change } from '../changes/index.ts'

/** Step of the rollout to the document that does it on Linux nodes. */
export const stepDocuments = {
  precheck: 'Drydock-Precheck',
  'restore-point': 'Drydock-RestorePoint',
  install: 'Drydock-Install',
  reboot: 'Drydock-Reboot',
  verify: 'Drydock-Verify',
  collect: 'Drydock-Collect',
  rollback: 'Drydock-Rollback',
} as const

/** The same steps by the documents that do them where the patch set goes: Windows has a document of its own for each. */
export const stepDocumentsOf = (patchSet: Change['patchSet']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(stepDocuments).map(([step, name]) => [
      step,
      patchSet === 'windows-updates' ? `${name}Windows` : name,
    ]),
  )
