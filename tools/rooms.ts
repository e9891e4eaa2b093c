/** The rooms of functions/ in the order in which data flows, and the folders around them: what ARCHITECTURE.md shows and a house test checks. */

export interface Room {
  readonly name: string
  /** What the room is for, one line. */
  readonly does: string
  /** Rooms it may import; absent: every room before it. */
  readonly only?: readonly string[]
}

/** A room may look back, never ahead. */
export const rooms: readonly Room[] = [
  { name: 'kit', does: 'errors, canonical JSON, keys, the ledger port, the Lambda wrapper', only: [] },
  { name: 'calendar', does: 'windows, freezes and iCalendar texts as spans; may work start now?', only: ['kit'] },
  { name: 'finding', does: 'one vulnerability on one resource; copies merge' },
  {
    name: 'evidence',
    does: 'leaves, log, checkpoints, proofs, its own health; nothing of what a leaf means',
    only: ['kit'],
  },
  { name: 'catalogue', does: 'services as intended, people, policy' },
  { name: 'inventory', does: 'nodes as they are; version orders; whether an installed version contains a fix' },
  { name: 'intake', does: 'any scanner document becomes findings' },
  { name: 'intel', does: 'KEV, EPSS, Vulnrichment' },
  { name: 'risk', does: 'decision tables and their replay' },
  { name: 'people', does: 'asks a person by a personal, single-use link or in the console, for any purpose' },
  { name: 'changes', does: 'one open change per service and patch set: the record and its reducer' },
  {
    name: 'outcomes',
    does: 'what a change did to each host, and restore drills; written once, read by all later rooms',
  },
  {
    name: 'scheduling',
    does: 'orders hosts under limits; a lower bound and a verifier; a pure library',
    only: ['kit'],
  },
  { name: 'planning', does: 'manifest, rings, limits, plan hash' },
  { name: 'approvals', does: 'ballots on plan hashes' },
  { name: 'rollout', does: 'gates, leases, SSM commands, budgets' },
  { name: 'validation', does: 'probes, the canary judge, soak' },
  { name: 'rollback', does: 'opens and ends the ring that takes a patch back' },
  { name: 'driver', does: 'says what a change needs next; closes it; restarts what died' },
  { name: 'migrations', does: 'migrates the records of an older Drydock to the current shapes, and back' },
  { name: 'reporting', does: 'figures and paths from outcome records and leaves' },
  { name: 'console', does: 'pages' },
]

export interface Folder {
  readonly name: string
  readonly does: string
  /** Folders of the project that its modules may import. */
  readonly imports: readonly string[]
}

/** The other folders of the project; `functions` imports none of them. */
export const folders: readonly Folder[] = [
  { name: 'functions', does: 'the rooms, and in `aws` their ports by the AWS SDK', imports: [] },
  { name: 'documents', does: 'SSM Command documents: all that ever runs on a host', imports: ['functions'] },
  { name: 'infra', does: 'the CDK app', imports: ['functions', 'documents', 'statemachines', 'tools'] },
  {
    name: 'tools',
    does: 'child processes, steps side by side, what is made once, checks of shell and PowerShell, generated parts of the docs',
    imports: ['functions', 'documents'],
  },
  {
    name: 'simulator',
    does: 'fleet, ports in memory, state machine runner, a whole Drydock on virtual time',
    imports: ['functions', 'documents', 'statemachines'],
  },
  {
    name: 'local',
    does: 'the local cloud: emulator, deployment, HTTP faces of the simulator, scenario',
    imports: ['functions', 'documents', 'simulator', 'tools'],
  },
  { name: 'cli', does: 'the `drydock` command', imports: ['functions', 'documents', 'simulator', 'local', 'tools'] },
  { name: 'policy', does: 'decision tables as data, the example catalogue and policy', imports: ['functions'] },
  { name: 'oracles', does: 'answers by other means, for tests and benchmarks', imports: ['functions'] },
  {
    name: 'bench',
    does: 'measurements against named peers',
    imports: ['functions', 'documents', 'simulator', 'local', 'tools', 'oracles', 'infra', 'cli'],
  },
]
