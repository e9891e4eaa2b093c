/** Every Lambda of the hub on one screen: what it may touch, and what it means when it fails. */

/**
 * What a function can do or is told. constructs/permissions.ts turns each into exact actions on exact resources, and
 * constructs/environment.ts into the settings that go with it.
 */
export type Need =
  | 'ledger'
  | 'plans:read'
  | 'plans:write'
  | 'findings:send'
  | 'finding-aggregators'
  | 'inspector'
  | 'nudge:enrich'
  | 'nudge:assess'
  | 'nudge:dispatch'
  | 'nudge:archive'
  | 'refusals'
  | 'feed-addresses'
  | 'feeds:read'
  | 'feeds:write'
  | 'evidence:read'
  | 'evidence:write'
  | 'evidence:sign'
  | 'overrides:write'
  | 'change-machine'
  | 'answer:approval'
  | 'answer:deployment'
  | 'answer:rollback'
  | 'commands'
  | 'documents'
  | 'calendars'
  | 'nodes'
  | 'zones'
  | 'spoke-nodes'
  | 'metrics'
  | 'mail'
  | 'console-address'

/** Needs that are granted on the machines themselves, once they stand. */
export type MachineNeed = Extract<Need, 'change-machine' | `answer:${string}`>

export interface FunctionSpec {
  readonly needs: readonly Need[]
  readonly failureMeans: string
  readonly timeoutSeconds?: number
  readonly memoryMegabytes?: number
}

export const functionSpecs = {
  'intake/receive-findings': {
    needs: [
      'ledger',
      'feeds:read',
      'change-machine',
      'nudge:assess',
      'nudge:enrich',
      'refusals',
      'finding-aggregators',
    ],
    failureMeans: 'findings wait in the findings queue and are not assessed.',
  },
  'intake/pull-findings': {
    needs: ['ledger', 'findings:send', 'inspector'],
    failureMeans: 'findings whose event was lost are not recorded.',
    timeoutSeconds: 300,
  },
  'changes/assess-finding': {
    needs: ['ledger', 'feeds:read', 'change-machine', 'nudge:assess'],
    failureMeans: 'findings are recorded but open no change.',
  },
  'driver/choose-next-step': {
    needs: ['ledger', 'plans:read'],
    failureMeans: 'changes do not move until the reconciler restarts their driver.',
  },
  'driver/close-change': {
    needs: ['ledger', 'plans:read', 'nudge:archive', 'nudge:assess'],
    failureMeans: 'finished changes stay open.',
    timeoutSeconds: 300,
    memoryMegabytes: 1024,
  },
  'driver/reconcile-changes': {
    needs: ['ledger', 'plans:read', 'change-machine', 'nudge:dispatch', 'documents', 'calendars'],
    failureMeans: 'lost events and dead drivers are not repaired.',
    timeoutSeconds: 270,
  },
  'intel/refresh-feed': {
    needs: ['ledger', 'feed-addresses', 'feeds:read', 'feeds:write', 'nudge:assess'],
    failureMeans: 'decisions rest on the last good copy of KEV, EPSS or Vulnrichment.',
    timeoutSeconds: 120,
    memoryMegabytes: 1024,
  },
  'intel/enrich-findings': {
    needs: ['ledger', 'feed-addresses', 'feeds:read', 'feeds:write', 'nudge:assess'],
    failureMeans: 'new findings are decided without Vulnrichment until the next refresh, every six hours.',
    timeoutSeconds: 120,
    memoryMegabytes: 1024,
  },
  'inventory/sync-assets': {
    needs: ['ledger', 'nodes', 'zones', 'spoke-nodes'],
    failureMeans: 'plans rest on an old inventory.',
    timeoutSeconds: 300,
  },
  'planning/plan-change': {
    needs: ['ledger', 'plans:read', 'plans:write', 'documents', 'calendars', 'nodes', 'spoke-nodes', 'overrides:write'],
    failureMeans: 'assessed changes get no plan.',
    timeoutSeconds: 60,
    memoryMegabytes: 1024,
  },
  'approvals/open-ballot': {
    needs: ['ledger', 'plans:read'],
    failureMeans: 'planned changes do not reach their approvers.',
  },
  'approvals/ask-approvers': {
    needs: ['ledger', 'plans:read', 'mail', 'console-address'],
    failureMeans: 'approvers get no mail.',
  },
  'approvals/close-ballot': {
    needs: ['ledger', 'plans:read'],
    failureMeans: 'expired ballots stay open; votes are refused all the same.',
  },
  'rollout/check-gates': {
    needs: ['ledger', 'plans:read', 'documents', 'calendars'],
    failureMeans: 'approved changes do not start.',
  },
  'rollout/open-ring': {
    needs: ['ledger', 'plans:read', 'nudge:dispatch'],
    failureMeans: 'approved changes do not start.',
  },
  'rollout/dispatch-hosts': {
    needs: [
      'ledger',
      'plans:read',
      'commands',
      'documents',
      'calendars',
      'nudge:dispatch',
      'nudge:archive',
      'answer:deployment',
      'answer:rollback',
    ],
    failureMeans: 'rollouts and rollbacks do not move; hosts in work stay in work.',
    timeoutSeconds: 60,
    memoryMegabytes: 1024,
  },
  'rollout/hold-ring': { needs: ['ledger'], failureMeans: 'a ring that ran out of time is not held.' },
  'validation/start-validation': {
    needs: ['ledger', 'plans:read'],
    failureMeans: 'deployed rings are not validated and not promoted.',
  },
  'validation/judge-canary': {
    needs: ['ledger', 'plans:read', 'metrics'],
    failureMeans: 'deployed rings are not judged and not promoted.',
  },
  'rollback/open-rollback': {
    needs: ['ledger', 'plans:read', 'nudge:dispatch'],
    failureMeans: 'a bad patch is not rolled back: act by hand at once.',
  },
  'rollback/finish-rollback': {
    needs: ['ledger', 'plans:read'],
    failureMeans: 'a finished rollback is not recorded and the patch is not blocked.',
    timeoutSeconds: 300,
    memoryMegabytes: 1024,
  },
  'evidence/archive-leaves': {
    needs: ['ledger', 'evidence:read', 'evidence:write', 'evidence:sign'],
    failureMeans: 'transitions wait in the outbox and are not filed; changes do not close.',
    timeoutSeconds: 120,
    memoryMegabytes: 1024,
  },
  'console/serve-console': {
    needs: ['ledger', 'plans:read', 'answer:approval', 'console-address'],
    failureMeans: 'nobody can approve, view or stop anything in the console.',
  },
} as const satisfies Record<string, FunctionSpec>

export type FunctionName = keyof typeof functionSpecs
