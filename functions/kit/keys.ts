/** Every key of the ledger's one table, with its partitions, sort key prefixes and lists, in one place. */
import type { RecordKey } from './ledger.ts'

/** Shards of the outbox: 4,000 write units a second, and four short queries to see what waits. */
const outboxShards = 4
/** Where waiting leaves stood before there were shards; read until it is empty. */
const undividedOutbox = 'OUTBOX'

/** The shard of a leaf, by the last character of its ULID, which is random. */
const outboxOf = (leafId: string) => `${undividedOutbox}#${(leafId.codePointAt(leafId.length - 1) ?? 0) % outboxShards}`

/** A small number as text that sorts numerically. */
const inOrder = (sequence: number) => String(sequence).padStart(4, '0')

/** Partition keys, for queries. */
export const partitions = {
  finding: (findingId: string) => `FINDING#${findingId}`,
  change: (changeId: string) => `CHANGE#${changeId}`,
  openChange: (service: string, patchSet: string) => `OPEN#${service}#${patchSet}`,
  host: (hostId: string) => `HOST#${hostId}`,
  service: (service: string) => `SERVICE#${service}`,
  /**
   * The question of one purpose about one subject; the purpose is a Name, so no subject can leave its own partition.
   */
  question: (purpose: string, subject: string) => `QUESTION#${purpose}#${subject}`,
  questionLink: (linkId: string) => `LINK#${linkId}`,
  command: (commandId: string) => `COMMAND#${commandId}`,
  cve: (cveId: string) => `CVE#${cveId}`,
  knownPackage: (packageName: string) => `PACKAGE#${packageName}`,
  feed: (feed: string) => `FEED#${feed}`,
  blockedPackage: (packageName: string) => `BLOCKED#${packageName}`,
  /** The recorded ends of a change. */
  outcomes: (changeId: string) => `OUTCOME#${changeId}`,
  drills: (service: string) => `DRILL#${service}`,
  /** Settings that people load: catalogue and policy. */
  config: 'CONFIG',
  /** Drydock's own state: the kill switch, pull progress. */
  control: 'CONTROL',
  /** Every partition in which leaves wait to be filed. */
  outboxes: [undividedOutbox, ...Array.from({ length: outboxShards }, (_, shard) => `${undividedOutbox}#${shard}`)],
  /** Items of the outbox that are no evidence, kept as they were. */
  outboxAside: 'OUTBOX-ASIDE',
  evidence: 'EVIDENCE',
} as const

/** Sort key prefixes of records that a partition has many of. */
export const prefixes = {
  plan: 'PLAN#',
  ring: 'RING#',
  /** Of a ring as it opened; its name follows. */
  ringOpening: 'OPENING#',
  /** A host of a ring; the ring's name and the host's id follow. */
  ringHost: 'RING-HOST#',
  /** Four hosts of a ring, of an older Drydock; the ring's name follows. */
  ringPart: 'PART#',
  baseline: 'BASELINE#',
  validation: 'VALIDATION#',
  /** A step of a host; its instant follows. */
  step: 'STEP#',
  blockedVersion: 'VERSION#',
  hostOutcome: 'OUTCOME#',
  outcomeBegun: 'BEGUN#',
  outcomeSet: 'SET#',
  serviceOutcome: 'SERVICE#',
  /** A restore drill of a service; its instant follows. */
  drill: 'AT#',
  /** A finding of a change. */
  joinedFinding: 'FINDING#',
} as const

const question = (purpose: string, subject: string): RecordKey => ({
  pk: partitions.question(purpose, subject),
  sk: 'QUESTION',
})

/** The keys of single records. */
export const keys = {
  finding: (findingId: string): RecordKey => ({ pk: partitions.finding(findingId), sk: 'FINDING' }),
  /** How far findings were pulled from Inspector. */
  findingPull: (): RecordKey => ({ pk: partitions.control, sk: 'FINDING-PULL' }),
  assessment: (findingId: string): RecordKey => ({ pk: partitions.finding(findingId), sk: 'ASSESSMENT' }),
  /** Points from a finding to its last change, as an older Drydock wrote it; now in its assessment. */
  findingChange: (findingId: string): RecordKey => ({ pk: partitions.finding(findingId), sk: 'CHANGE' }),
  /** Puts a finding into one more list, by the list's name. */
  findingEntry: (findingId: string, list: string): RecordKey => ({ pk: partitions.finding(findingId), sk: list }),
  change: (changeId: string): RecordKey => ({ pk: partitions.change(changeId), sk: 'CHANGE' }),
  /** A finding of a change. */
  joinedFinding: (changeId: string, findingId: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.joinedFinding}${findingId}`,
  }),
  /** The execution that now drives a change. */
  driver: (changeId: string): RecordKey => ({ pk: partitions.change(changeId), sk: 'DRIVER' }),
  plan: (changeId: string, planHash: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.plan}${planHash}`,
  }),
  question,
  /** The question put to the approvers of a change. */
  ballot: (changeId: string): RecordKey => question('approval', changeId),
  ring: (changeId: string, ring: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.ring}${ring}`,
  }),
  ringOpening: (changeId: string, ring: string, index: number): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.ringOpening}${ring}#${inOrder(index)}`,
  }),
  ringHost: (changeId: string, ring: string, hostId: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.ringHost}${ring}#${hostId}`,
  }),
  /** Lists a ring that somebody is still to look at. */
  unsettledRing: (changeId: string, ring: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `UNSETTLED#${ring}`,
  }),
  baseline: (changeId: string, ring: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.baseline}${ring}`,
  }),
  validation: (changeId: string, ring: string): RecordKey => ({
    pk: partitions.change(changeId),
    sk: `${prefixes.validation}${ring}`,
  }),
  /** The one open change of a service and patch set. */
  openChange: (service: string, patchSet: string): RecordKey => ({
    pk: partitions.openChange(service, patchSet),
    sk: 'OPEN',
  }),
  lease: (hostId: string): RecordKey => ({ pk: partitions.host(hostId), sk: 'LEASE' }),
  /** The occupancy of a service. */
  occupancy: (service: string): RecordKey => ({ pk: partitions.service(service), sk: 'WORK' }),
  asset: (hostId: string): RecordKey => ({ pk: partitions.host(hostId), sk: 'ASSET' }),
  /** The active network-reachability findings of a host. */
  hostExposure: (hostId: string): RecordKey => ({ pk: partitions.host(hostId), sk: 'EXPOSURE' }),
  step: (hostId: string, at: string, changeId: string, step: string): RecordKey => ({
    pk: partitions.host(hostId),
    sk: `${prefixes.step}${at}#${changeId}#${step}`,
  }),
  /** A personal link: its question and person. */
  questionLink: (linkId: string): RecordKey => ({ pk: partitions.questionLink(linkId), sk: 'LINK' }),
  /** Which ring a command of Run Command belongs to. */
  command: (commandId: string): RecordKey => ({ pk: partitions.command(commandId), sk: 'COMMAND' }),
  /** A CVE that a finding was assessed for. */
  cve: (cveId: string): RecordKey => ({ pk: partitions.cve(cveId), sk: 'CVE' }),
  /** A package that a patchable finding names. */
  knownPackage: (packageName: string): RecordKey => ({ pk: partitions.knownPackage(packageName), sk: 'PACKAGE' }),
  feed: (feed: string): RecordKey => ({ pk: partitions.feed(feed), sk: 'FEED' }),
  catalogue: (): RecordKey => ({ pk: partitions.config, sk: 'CATALOGUE' }),
  policy: (): RecordKey => ({ pk: partitions.config, sk: 'POLICY' }),
  /** The kill switch. */
  stop: (): RecordKey => ({ pk: partitions.control, sk: 'STOP' }),
  /** The catalogue under which every change was last reconciled. */
  lastCatalogue: (): RecordKey => ({ pk: partitions.control, sk: 'LAST-CATALOGUE' }),
  /** A patch that is blocked for the fleet. */
  blockedPatch: (packageName: string, version: string): RecordKey => ({
    pk: partitions.blockedPackage(packageName),
    sk: `${prefixes.blockedVersion}${version}`,
  }),
  /** The outcome of a host, by the end of the change that it belongs to. */
  hostOutcome: (hostId: string, changeId: string, sequence: number): RecordKey => ({
    pk: partitions.host(hostId),
    sk: `${prefixes.hostOutcome}${changeId}#${inOrder(sequence)}`,
  }),
  /** Marks that an end of a change is being recorded, and assigns its sequence. */
  outcomeBegun: (changeId: string, sequence: number): RecordKey => ({
    pk: partitions.outcomes(changeId),
    sk: `${prefixes.outcomeBegun}${inOrder(sequence)}`,
  }),
  /** Marks that all outcomes of an end of a change are recorded. */
  outcomeSet: (changeId: string, sequence: number): RecordKey => ({
    pk: partitions.outcomes(changeId),
    sk: `${prefixes.outcomeSet}${inOrder(sequence)}`,
  }),
  /** What an end of a change cost one service. */
  serviceOutcome: (changeId: string, sequence: number, service: string): RecordKey => ({
    pk: partitions.outcomes(changeId),
    sk: `${prefixes.serviceOutcome}${inOrder(sequence)}#${service}`,
  }),
  restoreDrill: (service: string, at: string, hostId: string): RecordKey => ({
    pk: partitions.drills(service),
    sk: `${prefixes.drill}${at}#${hostId}`,
  }),
  /** Which migrations were applied to the table. */
  migrations: (): RecordKey => ({ pk: partitions.control, sk: 'MIGRATIONS' }),
  outbox: (leafId: string): RecordKey => ({ pk: outboxOf(leafId), sk: leafId }),
  /** The last leaf of a change in the log. */
  evidenceChain: (changeId: string): RecordKey => ({ pk: `${partitions.evidence}#${changeId}`, sk: 'CHAIN' }),
  evidenceHead: (): RecordKey => ({ pk: partitions.evidence, sk: 'HEAD' }),
} as const

/** The lists of the table's one index (`listPk`, `listSk`). */
export const lists = {
  findings: 'FINDINGS',
  /** The findings of a host, by id. */
  findingsOnHost: (hostId: string) => `FINDINGS#HOST#${hostId}`,
  /** The assessed findings of a CVE, by id. */
  findingsOfCve: (cveId: string) => `FINDINGS#CVE#${cveId}`,
  /** Findings with more CVEs than are listed one by one. */
  findingsOfManyCves: 'FINDINGS#MANY-CVES',
  /** Every CVE that a finding was assessed for. */
  cves: 'CVES',
  /** Every package that a patchable finding names. */
  packages: 'PACKAGES',
  changes: 'CHANGES',
  assets: 'ASSETS',
  rings: 'RINGS',
  feeds: 'FEEDS',
  blockedPatches: 'BLOCKED',
  /** Open questions without a state machine, by when they are next due: `<instant>#<purpose>#<subject>`. */
  dueQuestions: 'QUESTIONS',
  stepsOf: (changeId: string) => `STEPS#${changeId}`,
  hostOutcomesOf: (changeId: string, sequence: number) => `OUTCOMES#CHANGE#${changeId}#${inOrder(sequence)}`,
  serviceOutcomesOf: (service: string) => `OUTCOMES#SERVICE#${service}`,
  restoreDrillsOf: (service: string) => `DRILLS#${service}`,
} as const

/** Whether a partition holds evidence that waits or was set aside, which are no records of the ledger. */
export const isOutbox = (pk: string): boolean => pk === partitions.outboxAside || partitions.outboxes.includes(pk)
