/** A change as most tests need it. */
import type { Change } from '../../../functions/changes/change.ts'

export const at = '2026-01-02T03:04:05.000Z'

export const anyChange = (change: Partial<Change> = {}): Change => ({
  changeId: '01J00000000000000000000001',
  service: 'web',
  patchSet: 'os-packages',
  packages: [{ name: 'snapd', fixedVersion: '2.63+22.04ubuntu0.1' }],
  vulnerabilityIds: ['CVE-2024-29069'],
  state: 'assessed',
  class: 'normal',
  priority: 50,
  reasons: ['because'],
  needsForensicTriage: false,
  requester: 'drydock',
  ringsDone: [],
  quarantined: [],
  openedAt: at,
  updatedAt: at,
  ...change,
})
