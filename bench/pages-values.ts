/** Records of the pages' hub, as small as real ones are. */
import type { Ballot } from '../functions/approvals/index.ts'
import { Catalogue } from '../functions/catalogue/index.ts'
import type { Change } from '../functions/changes/index.ts'
import type { Finding } from '../functions/finding/index.ts'
import type { Asset } from '../functions/inventory/index.ts'
import type { Plan } from '../functions/planning/index.ts'

export const at = '2026-01-02T03:04:05.000Z'
export const planHash = 'a'.repeat(64)

export const anyFinding: Finding = {
  findingId: 'F',
  copies: [
    {
      format: 'inspector2',
      nativeId: `arn:aws:inspector2:eu-west-1:444455556666:finding/${'0'.repeat(32)}`,
      updatedAt: at,
    },
  ],
  account: '444455556666',
  region: 'eu-west-1',
  type: 'package-vulnerability',
  vulnerabilityId: 'CVE-2026-1000',
  relatedVulnerabilityIds: [],
  title: 'CVE-2026-1000 - openssl, libssl3',
  description: 'A flaw was found in the processing of certificates with many names.',
  resource: { type: 'ec2-instance', id: 'i-0a1b2c3d4e5f60718', platform: 'UBUNTU_22_04', tags: {} },
  packages: [
    { name: 'openssl', installedVersion: '3.0.2-1', fixedVersion: '3.0.2-2', manager: 'OS', isPatchable: true },
  ],
  cvss: [],
  severity: 'high',
  status: 'active',
  route: 'patch',
  firstObservedAt: at,
  lastObservedAt: at,
  updatedAt: at,
  flags: [],
}

export const anyChange: Change = {
  changeId: '0',
  service: 'web',
  patchSet: 'os-packages',
  packages: [{ name: 'openssl', fixedVersion: '3.0.2-2' }],
  vulnerabilityIds: ['CVE-2026-1000'],
  state: 'awaiting-approval',
  class: 'normal',
  priority: 50,
  reasons: ['known to be exploited', 'the service is exposed to the internet'],
  needsForensicTriage: false,
  requester: 'drydock',
  ringsDone: [],
  quarantined: [],
  openedAt: at,
  updatedAt: at,
}

export const anyAsset: Asset = {
  hostId: 'i-0',
  account: '444455556666',
  region: 'eu-west-1',
  services: ['web'],
  stage: 'production',
  zone: 'a',
  platform: 'ubuntu',
  agentVersion: '3.3.4000.0',
  isOnline: true,
  isManaged: true,
  packages: { openssl: '3.0.2-1' },
  seenAt: at,
}

export const catalogue = Catalogue.parse({
  services: [
    {
      name: 'web',
      title: 'web',
      tier: 'business-essential',
      owner: 'olivia',
      minimumHealthy: 1,
      rings: [{ name: 'production', stage: 'production', soakSeconds: 0, failureBudget: 0 }],
      rollbackCriteria: {},
      rtoMinutes: 15,
      rpoMinutes: 60,
    },
  ],
  people: [
    { id: 'olivia', name: 'Olivia', email: 'olivia@example.com', roles: ['service-owner'] },
    { id: 'sven', name: 'Sven', email: 'sven@example.com', roles: ['security'] },
  ],
})

export const ballotOf = (changeId: string): Ballot => ({
  purpose: 'approval',
  subject: changeId,
  subjectHash: planHash,
  changeId,
  choices: [
    { choice: 'approve', outcome: 'approved', isFinal: false },
    { choice: 'reject', outcome: 'rejected', isFinal: true },
  ],
  excluded: [{ who: 'drydock', because: 'own-request' }],
  mayDelegate: false,
  roles: ['service-owner', 'security'],
  escalateTo: 'executive',
  openedAt: at,
  remindAt: '2026-01-02T04:00:00.000Z',
  escalateAt: '2026-01-02T05:00:00.000Z',
  deadlineAt: '2026-01-03T00:00:00.000Z',
  isReminded: false,
  isEscalated: false,
  asked: ['olivia', 'sven'].map((personId) => ({
    personId,
    linkId: '',
    secretDigest: '',
    codeDigest: '',
    wrongCodes: 0,
    isEscalation: false,
  })),
  answers: [],
  outcome: 'open',
})

export function planOf(changeId: string, hostIds: readonly string[]): Plan {
  const steps = ['precheck', 'restore-point', 'install', 'reboot', 'verify', 'collect', 'rollback']
  const documents = steps.map(
    (step) => [step, { name: `Drydock-${step}`, version: '1', hash: 'd'.repeat(64) }] as const,
  )
  const hosts = hostIds.map((hostId, order) => ({
    hostId,
    services: ['web'],
    zone: `z${order % 3}`,
    order,
    startSeconds: order * 6,
    durationSeconds: 600,
  }))
  const zones = Object.fromEntries(['z0', 'z1', 'z2'].map((zone) => [zone, 10]))
  const down = { minimumHealthy: 2, unavailableMax: 50, unavailableMaxByZone: zones, dependsOn: [] }
  return {
    schemaVersion: 1,
    changeId,
    service: 'web',
    manifest: { packages: [{ name: 'openssl', version: '3.0.2-2' }], documents: Object.fromEntries(documents) },
    rings: [{ name: 'production', index: 0, hosts, soakSeconds: 0, isCanary: false, failureBudget: 1 }],
    limits: [{ service: 'web', hosts: hosts.length, ...down }],
    conflicts: [],
    concurrencyMax: 50,
    rebootsMax: 10,
    excluded: [],
    downstream: [],
    rollbackPlan: {
      rung: 'package-downgrade',
      previousVersions: Object.fromEntries(hostIds.map((hostId) => [hostId, { openssl: '3.0.2-1' }])),
      author: 'drydock',
      reviewer: 'stella',
      rtoMinutes: 15,
    },
    makespanSeconds: hosts.length * 6 + 600,
  }
}
