import type { CalendarStates } from '../../../functions/calendar/ports.ts'
import type { Catalogue } from '../../../functions/catalogue/catalogue.ts'
import { type Change, ChangeRecord } from '../../../functions/changes/change.ts'
import type { EvidenceHealth } from '../../../functions/evidence/health.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { EvidenceRecord } from '../../../functions/kit/ledger.ts'
import type { Plan } from '../../../functions/planning/plan.ts'
import { isUnavailable } from '../../../functions/rollout/budgets.ts'
import { type DispatchMessage, run as dispatchHosts } from '../../../functions/rollout/dispatch-hosts.ts'
import { rememberedPlans } from '../../../functions/rollout/plans.ts'
import type { CommandIntent, Commands } from '../../../functions/rollout/ports.ts'
import type { HostProgress, Ring } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { openedRing } from '../../../functions/rollout/ring-opening.ts'
import { readRing } from '../../../functions/rollout/ring-record.ts'
import { rememberedRings } from '../../../functions/rollout/rings.ts'
import { scenarioPolicy } from '../../../local/scenario/seed.ts'
import type { FleetEvent } from '../../../simulator/fleet/commands.ts'
import { ownDocuments } from '../../../simulator/fleet/documents.ts'
import type { Fault } from '../../../simulator/fleet/faults.ts'
import { Fleet } from '../../../simulator/fleet/fleet.ts'
import { fleetCommands } from '../../../simulator/ports/commands.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyPlan } from '../planning/any-plan.ts'
import { anyService, approvalMove, approvedBallot, catalogueOf } from './any-catalogue.ts'

export interface Simulated {
  readonly ring: Ring
  readonly fleet: Fleet
  readonly change: Change | undefined
  /** Most hosts of the service down at once, as the ring saw it after each pass. */
  readonly mostDown: number
  /** Most hosts on which a command that takes them down ran at once, as the fleet has it. */
  readonly mostBusy: number
  /** Installs that were sent to a host; more than one where nothing failed would break I1. */
  readonly installsByHost: ReadonlyMap<string, number>
  readonly tokens: readonly string[]
  /** What waits in the outbox: a record for each move. */
  readonly evidence: readonly EvidenceRecord[]
  readonly commandsAfterStop: number
}

export interface SimulationOptions {
  readonly hosts: number
  readonly unavailableMax: number
  readonly concurrencyMax?: number
  readonly failureBudget: number
  readonly faults: readonly Fault[]
  readonly seed: number
  /** Called before each port call of a pass; throwing is a crash. */
  readonly onPortCall?: (name: string, count: number) => void
  /** The step whose first command SSM takes, while its answer is lost. */
  readonly losesAnswerOf?: CommandIntent['step']
  /** What the policy says of hosts without a restore point. */
  readonly withoutRestorePoint?: 'skip' | 'halt' | 'go'
  /** A host whose old versions can no longer be had. */
  readonly goneFrom?: string
  /** Wakes the dispatcher by Run Command's events and a sweep, as AWS does; else every second. */
  readonly isByEvents?: boolean
  /** What the calendars say. */
  readonly catalogue?: Catalogue
  /** What SSM says of the calendars that it keeps; absent: nobody can be asked. */
  readonly calendarStates?: CalendarStates
  /** Seconds of virtual time at which the kill switch is pulled. */
  readonly stopAtSeconds?: number
  /** Seconds of virtual time at which the approval loses a vote. */
  readonly approvalGoneAtSeconds?: number
  /** How the evidence log stands after so many seconds of virtual time; it keeps up, unless a test says otherwise. */
  readonly evidenceAt?: (seconds: number) => EvidenceHealth
}

const healthy = (): EvidenceHealth => ({ headAgeSeconds: 0, pending: 0 })

export const hostIdOf = (index: number) => `i-${(index + 1).toString(16).padStart(8, '0')}`
export const changeId = anyChange().changeId
const planHash = 'a'.repeat(64)

function makeFleet({ hosts, faults, seed, goneFrom }: SimulationOptions): Fleet {
  const fleet = new Fleet({ seed, stepMs: 2_000 })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  for (let index = 0; index < hosts; index++) {
    fleet.nodes.set(hostIdOf(index), {
      hostId: hostIdOf(index),
      platformName: 'Ubuntu',
      agentVersion: '3.3.2746.0',
      tags: { 'patch-service': 'web' },
      ...(goneFrom === hostIdOf(index) ? { versionsGone: ['snapd'] } : {}),
      packages: { snapd: '1' },
      runningKernel: 'k',
      installedKernel: 'k',
      bootId: fleet.uuid('boot'),
      isOnline: true,
      rebootPending: false,
      changedAtMs: 0,
      results: new Map(),
    })
  }
  for (const fault of faults) fleet.script(fault)
  return fleet
}

function makePlan(
  fleet: Fleet,
  { hosts, unavailableMax, failureBudget, concurrencyMax = 50 }: SimulationOptions,
): Plan {
  const steps = {
    precheck: 'Precheck',
    'restore-point': 'RestorePoint',
    install: 'Install',
    reboot: 'Reboot',
    verify: 'Verify',
    collect: 'Collect',
    rollback: 'Rollback',
  }
  const documents = Object.fromEntries(
    Object.entries(steps).map(([step, name]) => [
      step,
      { name: `Drydock-${name}`, version: '1', hash: fleet.documents.get(`Drydock-${name}`)?.hash ?? '' },
    ]),
  )
  return anyPlan({
    concurrencyMax,
    manifest: { packages: [{ name: 'snapd', version: '2' }], documents },
    rings: [
      {
        name: 'production',
        index: 0,
        hosts: Array.from({ length: hosts }, (_, order) => ({
          hostId: hostIdOf(order),
          services: ['web'],
          zone: 'z',
          order,
          startSeconds: 0,
          durationSeconds: 600,
        })),
        soakSeconds: 0,
        isCanary: false,
        failureBudget,
      },
    ],
    limits: [
      {
        service: 'web',
        hosts,
        minimumHealthy: hosts - unavailableMax,
        unavailableMax,
        unavailableMaxByZone: { z: unavailableMax },
        dependsOn: [],
      },
    ],
  })
}

function policyOf({ withoutRestorePoint }: SimulationOptions) {
  const policy = scenarioPolicy()
  return withoutRestorePoint ? { ...policy, rollout: { ...policy.rollout, withoutRestorePoint } } : policy
}

/** Down by our doing: a host that failed before anything was installed was not taken down by us. */
const isTakenDown = (host: HostProgress) => isUnavailable(host) && !['precheck', 'restore-point'].includes(host.step)

const running: readonly string[] = ['Pending', 'InProgress', 'Delayed']
const disruptive: readonly string[] = ['Drydock-Install', 'Drydock-Reboot']

/** Hosts that a command is taking down now. */
function busyHosts({ commands }: Fleet): number {
  const invocations = [...commands.values()].flatMap((command) =>
    disruptive.includes(command.documentName) ? command.invocations : [],
  )
  return new Set(invocations.flatMap(({ hostId, status }) => (running.includes(status) ? [hostId] : []))).size
}

const nudge = { changeId, ring: 'production' }
const sweepSeconds = 30

/** What the queue has this second: events as they come, and a sweep now and then. */
const messagesOf = (events: readonly FleetEvent[], second: number): DispatchMessage[] => [
  ...events.map(({ commandId, hostId }) => ({
    source: 'aws.ssm' as const,
    detail: { 'command-id': commandId, 'instance-id': hostId },
  })),
  ...(second % sweepSeconds === 0 ? [nudge] : []),
]

/** Runs until the ring ends, or until virtual time runs out. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const fleet = makeFleet(options)
  const startMs = Date.parse('2026-01-01T00:00:00.000Z')
  const clock = fixedClock(startMs)
  const ledger = memoryLedger()
  const plan = makePlan(fleet, options)
  const ring = openedRing(plan, planHash, 'production', undefined, 'token', '2026-01-01T00:00:00.000Z')
  const evidence = { leafId: '0', at: '', type: 'test.seeded', account: '', changeId, actor: '', body: {} }
  await ledger.commit({
    moves: [
      { kind: 'policy', key: keys.policy(), from: 0, value: policyOf(options) },
      {
        kind: 'catalogue',
        key: keys.catalogue(),
        from: 0,
        value: options.catalogue ?? catalogueOf([anyService('web')]),
      },
      { kind: 'plan', key: keys.plan(changeId, planHash), from: 0, value: plan },
      approvalMove(changeId, planHash),
      {
        kind: 'change',
        key: keys.change(changeId),
        from: 0,
        value: anyChange({ state: 'in-progress', planHash, ring: 'production' }),
        list: { pk: lists.changes, sk: 'open' },
      },
      ...ringMoves(undefined, ring).moves,
    ],
    evidence: [evidence],
  })
  const tokens: string[] = []
  const commands = losing(crashing(fleetCommands(fleet, clock), options.onPortCall), options.losesAnswerOf)
  const ports = {
    ledger,
    plans: rememberedPlans(ledger),
    commands,
    nudges: memoryNudges(),
    clock,
    ids: sequentialIds(),
    metrics: { count: () => undefined },
    account: '123456789012',
    ...(options.calendarStates ? { calendarStates: options.calendarStates } : {}),
    evidenceHealth: async () => (options.evidenceAt ?? healthy)((clock.nowMs() - startMs) / 1_000),
    tokens: {
      async succeed(token: string) {
        tokens.push(token)
        return 'answered' as const
      },
    },
  }
  let kept: DispatchMessage[] = []
  let rings = rememberedRings()
  let mostDown = 0
  let mostBusy = 0
  let sentAtStop = Number.NaN
  const read = async () => (await readRing(changeId, 'production', ledger))?.value ?? ring
  for (let second = 0; second < 4_000; second++) {
    if (second === options.stopAtSeconds) {
      await ledger.commit({
        moves: [
          {
            kind: 'stop',
            key: keys.stop(),
            from: 0,
            value: { all: true, changeIds: [], because: 'test', by: 'sven', at: '' },
          },
        ],
        evidence: [{ ...evidence, leafId: '1' }],
      })
      sentAtStop = fleet.sendCommandCount
    }
    if (second === options.approvalGoneAtSeconds) {
      const { kind, key } = approvalMove(changeId, planHash)
      const value = { ...approvedBallot(changeId, planHash), answers: [] }
      await ledger.commit({ moves: [{ kind, key, from: 1, value }], evidence: [{ ...evidence, leafId: '2' }] })
    }
    const events = fleet.tick(clock.nowMs())
    const messages = options.isByEvents ? [...kept, ...messagesOf(events, second)] : [nudge]
    // A crash loses the call; the queue delivers its messages again a second later.
    const { failed } = await dispatchHosts(messages, { ...ports, rings })
    // What it remembered is lost with it.
    if (failed.size > 0) rings = rememberedRings()
    kept = messages.filter((_, place) => failed.has(place))
    if (!options.onPortCall) for (const error of failed.values()) throw error
    const now = await read()
    mostBusy = Math.max(mostBusy, busyHosts(fleet))
    mostDown = Math.max(mostDown, Object.values(now.hosts).filter(isTakenDown).length)
    if (now.state !== 'open' && tokens.length > 0) break
    clock.advance(1_000)
  }
  const installs = [...fleet.commands.values()].filter(({ documentName }) => documentName === 'Drydock-Install')
  const installed = installs.flatMap(({ invocations }) => invocations.map(({ hostId }) => hostId))
  return {
    ring: await read(),
    fleet,
    change: (await ledger.read(ChangeRecord, keys.change(changeId)))?.value,
    mostDown,
    mostBusy,
    installsByHost: new Map(installed.map((hostId) => [hostId, installed.filter((one) => one === hostId).length])),
    tokens,
    evidence: ledger.outbox().filter(({ type }) => type !== 'test.seeded'),
    commandsAfterStop: fleet.sendCommandCount - sentAtStop,
  }
}

/** The same commands, one of whose answers does not arrive. */
function losing(commands: Commands, step: SimulationOptions['losesAnswerOf']): Commands {
  let hasLost = false
  return {
    ...commands,
    async send(intent) {
      const result = await commands.send(intent)
      if (intent.step !== step || hasLost) return result
      hasLost = true
      return { refused: 'unavailable', detail: 'socket hang up' }
    },
  }
}

/** The same commands, dying where the test says: before the call, or after it with the answer lost. */
function crashing(commands: Commands, onPortCall: SimulationOptions['onPortCall']): Commands {
  let count = 0
  return {
    ...commands,
    async send(intent) {
      onPortCall?.('before send', count++)
      const result = await commands.send(intent)
      onPortCall?.('after send', count++)
      return result
    },
    async invocations(commandId) {
      onPortCall?.('invocations', count++)
      return commands.invocations(commandId)
    },
  }
}
