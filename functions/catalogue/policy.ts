/** The policy: every number and rule that a team may change without changing code. */
import * as z from 'zod'
import type { RecordKind } from '../kit/ledger.ts'

/** Nothing is due before its clock starts. */
const days = z.number().min(0).max(3_650)
/** Run Command's range, https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
const stepSeconds = z.number().int().min(1).max(172_800)
const role = z.enum(['service-owner', 'security', 'change-manager', 'operations', 'compliance', 'executive'])

/** Which approvals a plan needs, and how long they may take. */
export const Quorum = z.strictObject({
  /** One approval from each of these roles, by distinct people. */
  roles: z.array(role).min(1),
  deadlineSeconds: z
    .number()
    .int()
    .min(60)
    .max(31 * 86400),
  /** Seconds without an answer before a reminder, with a new link. */
  remindAfterSeconds: z.number().int().min(30),
  /** Seconds without an answer before `escalateTo` is also asked, for the roles still missing. */
  escalateAfterSeconds: z.number().int().min(30),
  escalateTo: role,
  /** Seconds after its decision for which an approval counts; 30 days if absent. */
  validForSeconds: z
    .number()
    .int()
    .min(60)
    .max(366 * 86_400)
    .optional(),
  /** 2.3: who gives the extra vote that lets an emergency work in a freeze that breaks its due date; absent: nobody. */
  freezeOverrideRole: role.optional(),
  /** 2.4: whether the service's steward, or its owner, must review the rollback plan by a vote of their own. */
  rollbackReview: z.boolean().optional(),
})
export type Quorum = z.infer<typeof Quorum>

const systemExposure = z.enum(['open', 'controlled', 'small'])
/** Safety Impact 2.0.1 and Mission Impact 2.0.0; the official table makes Human Impact of them. */
const impact = z.strictObject({
  safety: z.enum(['negligible', 'marginal', 'critical', 'catastrophic']),
  mission: z.enum(['degraded', 'mef support crippled', 'mef failure', 'mission failure']),
})

/** SSVC's inputs: system exposure by the service's exposure, and impacts by its tier. */
export const SsvcPolicy = z.strictObject({
  systemExposure: z.strictObject({
    internet: systemExposure,
    unknown: systemExposure,
    internal: systemExposure,
    isolated: systemExposure,
  }),
  impact: z.strictObject({ 'mission-critical': impact, 'business-essential': impact, 'non-essential': impact }),
})

/** The rules that an organisation sets: risk tables, quorums, rollout limits, waiting times. */
export const Policy = z.strictObject({
  risk: z.strictObject({
    /** Decision tables to evaluate; the strictest clock wins, the others are shown. */
    tables: z.array(z.enum(['cisa-bod-26-04', 'cisa-coordinator', 'ssvc-deployer'])).min(1),
    /** What a missing Vulnrichment record means for a CVE that KEV does not list (sources conflict, see docs). */
    missingVulnrichment: z.enum(['sixty-days', 'not-automatable-total-impact']),
    /** Hours after which a feed is flagged as stale in decisions. */
    feedAgeHoursMax: z.number().positive(),
    /** Days to the due date for table decisions that name none. */
    ssvcDays: z.strictObject({
      act: days,
      attend: days,
      'track*': days,
      immediate: days,
      'out-of-cycle': days,
      scheduled: days,
    }),
    /** How SSVC's inputs follow from the catalogue; absent: as policy/policy.yaml has it. */
    ssvc: SsvcPolicy.optional(),
  }),
  changes: z.strictObject({
    /** How long a new change collects findings before it is planned. */
    gatherSeconds: z.number().int().min(0),
    /** A change due within this many days is an emergency. */
    emergencyDueDaysMax: days,
    /** Days that a patch without due date waits where its service has no windows; 30 if absent, 0: nothing waits. */
    routineDays: days.optional(),
  }),
  approvals: z.strictObject({ standard: Quorum.optional(), normal: Quorum, emergency: Quorum }),
  rollout: z.strictObject({
    concurrencyMax: z.number().int().min(1),
    /** Hosts that may reboot at the same time, across all services of the change. */
    rebootsMax: z.number().int().min(1),
    attemptsMax: z.number().int().min(1).max(10),
    /**
     * What to do with a host whose old versions are no longer available, where the plan rolls back by package
     * downgrade.
     */
    withoutRestorePoint: z.enum(['skip', 'halt', 'go']).default('skip'),
    retryBaseSeconds: z.number().positive(),
    stepTimeoutSeconds: z.strictObject({
      precheck: stepSeconds,
      'restore-point': stepSeconds,
      install: stepSeconds,
      reboot: stepSeconds,
      verify: stepSeconds,
      collect: stepSeconds,
      rollback: stepSeconds,
    }),
    /** Seconds between sweeps for commands whose events may be lost. */
    sweepSeconds: z.number().int().min(1),
    leaseSeconds: z.number().int().min(30),
  }),
  validation: z.strictObject({
    alpha: z.number().positive().max(0.5),
    looksMax: z.number().int().min(1),
    lookSeconds: z.number().int().min(1),
    samplePeriodSeconds: z.number().int().min(1),
    /** Fewest samples per side before a metric may pass. */
    samplesMin: z.number().int().min(2),
    /** Share of the samples there ought to be that each patched host must give before a metric may pass; 0.8 if absent. */
    sampleShareMin: z.number().min(0).max(1).optional(),
    /** Periods in a row without a sample after which a patched host counts as silent; 3 if absent. */
    silentPeriodsMin: z.number().int().min(1).optional(),
    /** Looks that may follow the planned ones when the last came too early; none if absent. */
    looksExtra: z.number().int().min(0).max(100).optional(),
  }),
  reconcile: z.strictObject({ stuckAfterMinutes: z.number().positive() }),
})
export type Policy = z.infer<typeof Policy>

/** How long an approval counts where the policy does not say: 30 days. */
export const approvalValidSecondsDefault: number = 30 * 86_400

/** The quorum that a change of this class needs; standard changes without one of their own take the normal one. */
export function quorumFor(
  change: { readonly class: keyof Policy['approvals'] },
  policy: Pick<Policy, 'approvals'>,
): Quorum {
  return policy.approvals[change.class] ?? policy.approvals.normal
}

/** The policy in the ledger: one record. */
export const PolicyRecord: RecordKind<Policy> = { kind: 'policy', schema: Policy }
