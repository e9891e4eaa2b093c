/** A plan as most tests need it: three web hosts in three zones, one may be down. */
import type { Plan } from '../../../functions/planning/plan.ts'

const pin = (name: string) => ({ name, version: '1', hash: 'd'.repeat(64) })
const steps = ['precheck', 'restore-point', 'install', 'reboot', 'verify', 'collect', 'rollback']

export const anyPlan = (plan: Partial<Plan> = {}): Plan => {
  const hosts = ['i-00000001', 'i-00000002', 'i-00000003'].map((hostId, order) => ({
    hostId,
    services: ['web'],
    zone: `z${order}`,
    order,
    startSeconds: order * 600,
    durationSeconds: 600,
  }))
  return {
    schemaVersion: 1,
    changeId: '01J00000000000000000000001',
    service: 'web',
    manifest: {
      packages: [{ name: 'snapd', version: '2' }],
      documents: Object.fromEntries(steps.map((step) => [step, pin(`Drydock-${step}`)])),
    },
    rings: [{ name: 'production', index: 0, hosts, soakSeconds: 0, isCanary: false, failureBudget: 1 }],
    limits: [
      {
        service: 'web',
        hosts: 3,
        minimumHealthy: 2,
        unavailableMax: 1,
        unavailableMaxByZone: { z0: 1, z1: 1, z2: 1 },
        dependsOn: [],
      },
    ],
    conflicts: [],
    concurrencyMax: 50,
    rebootsMax: 10,
    excluded: [],
    downstream: [],
    rollbackPlan: {
      rung: 'package-downgrade',
      previousVersions: Object.fromEntries(hosts.map(({ hostId }) => [hostId, { snapd: '1' }])),
      author: 'drydock',
      reviewer: 'stella',
      rtoMinutes: 15,
    },
    makespanSeconds: 1800,
    ...plan,
  }
}
