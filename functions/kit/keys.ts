/** Every key of the ledger's one table, in one place. */
import type { RecordKey } from './ledger.ts'

const question = (purpose: string, subject: string): RecordKey => ({
  pk: `QUESTION#${purpose}#${subject}`,
  sk: 'QUESTION',
})

export const keys = {
  finding: (findingId: string): RecordKey => ({ pk: `FINDING#${findingId}`, sk: 'FINDING' }),
  /** How far findings were pulled from Inspector. */
  findingPull: (): RecordKey => ({ pk: 'CONTROL', sk: 'FINDING-PULL' }),
  assessment: (findingId: string): RecordKey => ({ pk: `FINDING#${findingId}`, sk: 'ASSESSMENT' }),
  /** Points from a finding to the last change that it was in. */
  findingChange: (findingId: string): RecordKey => ({ pk: `FINDING#${findingId}`, sk: 'CHANGE' }),
  change: (changeId: string): RecordKey => ({ pk: `CHANGE#${changeId}`, sk: 'CHANGE' }),
  plan: (changeId: string, planHash: string): RecordKey => ({ pk: `CHANGE#${changeId}`, sk: `PLAN#${planHash}` }),
  /** What people are asked for one purpose about one subject; the purpose is a Name, so no subject can leave its own partition. */
  question,
  /** The question that is put to the approvers of a change. */
  ballot: (changeId: string): RecordKey => question('approval', changeId),
  ring: (changeId: string, ring: string): RecordKey => ({ pk: `CHANGE#${changeId}`, sk: `RING#${ring}` }),
  baseline: (changeId: string, ring: string): RecordKey => ({ pk: `CHANGE#${changeId}`, sk: `BASELINE#${ring}` }),
  validation: (changeId: string, ring: string): RecordKey => ({ pk: `CHANGE#${changeId}`, sk: `VALIDATION#${ring}` }),
  /** The one open change of a service and patch set. */
  openChange: (service: string, patchSet: string): RecordKey => ({ pk: `OPEN#${service}#${patchSet}`, sk: 'OPEN' }),
  lease: (hostId: string): RecordKey => ({ pk: `HOST#${hostId}`, sk: 'LEASE' }),
  /** What changes have in work on a service. */
  occupancy: (service: string): RecordKey => ({ pk: `SERVICE#${service}`, sk: 'WORK' }),
  asset: (hostId: string): RecordKey => ({ pk: `HOST#${hostId}`, sk: 'ASSET' }),
  /** The active network-reachability findings of a host. */
  hostExposure: (hostId: string): RecordKey => ({ pk: `HOST#${hostId}`, sk: 'EXPOSURE' }),
  step: (hostId: string, at: string, changeId: string, step: string): RecordKey => ({
    pk: `HOST#${hostId}`,
    sk: `STEP#${at}#${changeId}#${step}`,
  }),
  /** A personal link: which question it leads to, and whom. */
  questionLink: (linkId: string): RecordKey => ({ pk: `LINK#${linkId}`, sk: 'LINK' }),
  feed: (feed: string): RecordKey => ({ pk: `FEED#${feed}`, sk: 'FEED' }),
  catalogue: (): RecordKey => ({ pk: 'CONFIG', sk: 'CATALOGUE' }),
  policy: (): RecordKey => ({ pk: 'CONFIG', sk: 'POLICY' }),
  /** The kill switch. */
  stop: (): RecordKey => ({ pk: 'CONTROL', sk: 'STOP' }),
  /** A patch that is blocked for the fleet. */
  blockedPatch: (packageName: string, version: string): RecordKey => ({
    pk: `BLOCKED#${packageName}`,
    sk: `VERSION#${version}`,
  }),
  outbox: (leafId: string): RecordKey => ({ pk: 'OUTBOX', sk: leafId }),
  evidenceHead: (): RecordKey => ({ pk: 'EVIDENCE', sk: 'HEAD' }),
} as const

/** The lists of the table's one index (`listPk`, `listSk`). */
export const lists = {
  findings: 'FINDINGS',
  changes: 'CHANGES',
  assets: 'ASSETS',
  rings: 'RINGS',
  feeds: 'FEEDS',
  blockedPatches: 'BLOCKED',
  /** Open questions that no state machine drives, by when they are due next: `<instant>#<purpose>#<subject>`. */
  dueQuestions: 'QUESTIONS',
  stepsOf: (changeId: string) => `STEPS#${changeId}`,
} as const
