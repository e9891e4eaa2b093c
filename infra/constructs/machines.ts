/** The state machines, wired to their functions by the names in their files. */
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { Foundation } from './foundation.ts'
import type { Functions } from './functions.ts'
import { StateMachineFromFile } from './state-machine-from-file.ts'

export interface MachinesProps {
  readonly functions: Functions
  readonly foundation: Foundation
  /** For a runtime that evaluates no expression in `TimeoutSeconds`. */
  readonly literalTimeoutSeconds?: number
}

export class Machines extends Construct {
  readonly change: StateMachine

  constructor(scope: Construct, id: string, { functions, foundation, literalTimeoutSeconds }: MachinesProps) {
    super(scope, id)
    const { alarmAction, dataKey } = foundation
    const approval = new StateMachineFromFile(this, 'Approval', {
      file: 'approval',
      failureMeans: 'approvers were not asked, or a ballot was not closed.',
      alarmAction,
      dataKey,
      functions: {
        OpenBallot: functions.named('approvals/open-ballot'),
        AskApprovers: functions.named('approvals/ask-approvers'),
        CloseBallot: functions.named('approvals/close-ballot'),
      },
      ...(literalTimeoutSeconds === undefined ? {} : { timeoutSeconds: literalTimeoutSeconds }),
    }).stateMachine
    const deployment = new StateMachineFromFile(this, 'Deployment', {
      file: 'deployment',
      failureMeans: 'a ring did not open or did not end.',
      alarmAction,
      dataKey,
      functions: {
        CheckGates: functions.named('rollout/check-gates'),
        OpenRing: functions.named('rollout/open-ring'),
        HoldRing: functions.named('rollout/hold-ring'),
      },
    }).stateMachine
    const canary = new StateMachineFromFile(this, 'Canary', {
      file: 'canary',
      failureMeans: 'a ring was not validated.',
      alarmAction,
      dataKey,
      functions: {
        StartValidation: functions.named('validation/start-validation'),
        JudgeCanary: functions.named('validation/judge-canary'),
      },
    }).stateMachine
    const rollback = new StateMachineFromFile(this, 'Rollback', {
      file: 'rollback',
      failureMeans: 'a bad patch was not rolled back: act by hand at once.',
      alarmAction,
      dataKey,
      functions: {
        OpenRollback: functions.named('rollback/open-rollback'),
        FinishRollback: functions.named('rollback/finish-rollback'),
      },
    }).stateMachine
    this.change = new StateMachineFromFile(this, 'Change', {
      file: 'change',
      failureMeans: 'a change lost its driver; the reconciler starts another.',
      alarmAction,
      dataKey,
      functions: {
        ChooseNextStep: functions.named('driver/choose-next-step'),
        PlanChange: functions.named('planning/plan-change'),
        CloseChange: functions.named('driver/close-change'),
      },
      machines: {
        ApprovalMachine: approval,
        DeploymentMachine: deployment,
        CanaryMachine: canary,
        RollbackMachine: rollback,
      },
    }).stateMachine
    functions.grantMachine('change-machine', this.change)
    functions.grantMachine('answer:approval', approval)
    functions.grantMachine('answer:deployment', deployment)
    functions.grantMachine('answer:rollback', rollback)
  }
}
