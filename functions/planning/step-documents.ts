/** The documents that a plan pins. */

/** Step of the rollout to the document that does it. */
export const stepDocuments = {
  precheck: 'Drydock-Precheck',
  'restore-point': 'Drydock-RestorePoint',
  install: 'Drydock-Install',
  reboot: 'Drydock-Reboot',
  verify: 'Drydock-Verify',
  collect: 'Drydock-Collect',
  rollback: 'Drydock-Rollback',
} as const
