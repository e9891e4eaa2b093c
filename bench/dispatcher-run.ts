/**
 * One rollout in virtual time: the dispatcher as it is, the simulated fleet, and queue, batching window and delays as
 * AWS has them.
 */
import { readFileSync } from 'node:fs'
import type { Ballot } from '../functions/approvals/index.ts'
import { Catalogue, loadPolicy } from '../functions/catalogue/index.ts'
import type { Change } from '../functions/changes/index.ts'
import { keys } from '../functions/kit/keys.ts'
import type { Ledger } from '../functions/kit/ledger.ts'
import { run as dispatchHosts } from '../functions/rollout/dispatch-hosts.ts'
import { rememberedPlans } from '../functions/rollout/plans.ts'
import type { Commands } from '../functions/rollout/ports.ts'
import type { Ring } from '../functions/rollout/ring.ts'
import { ringMoves } from '../functions/rollout/ring-moves.ts'
import { openedRing } from '../functions/rollout/ring-opening.ts'
import { readRing } from '../functions/rollout/ring-record.ts'
import { rememberedRings } from '../functions/rollout/rings.ts'
import { lowerBoundSeconds, type PlanningProblem } from '../functions/scheduling/index.ts'
import { burstSeconds } from '../infra/burst.ts'
import { anyNode } from '../simulator/fleet/default-fleet.ts'
import { ownDocuments } from '../simulator/fleet/documents.ts'
import { Fleet } from '../simulator/fleet/fleet.ts'
import { type CapacityMeter, capacityMeter } from '../simulator/ports/capacity.ts'
import { fleetCommands } from '../simulator/ports/commands.ts'
import { memoryLedger } from '../simulator/ports/ledger.ts'
import { memoryNudges } from '../simulator/ports/nudges.ts'
import { fixedClock, sequentialIds } from '../simulator/ports/time.ts'
import { Queue } from './dispatcher-queue.ts'
import { changeId, randomOf, type Shape, type ShapeOptions, shapeOf, shareOf, stepNames } from './dispatcher-shape.ts'

export interface RolloutOptions extends ShapeOptions {
  /** Share of hosts that fail once, at some step. */
  readonly transientShare: number
  /** Share of hosts whose install fails for good: they count as down until people have looked. */
  readonly permanentShare: number
  /** Lambda's batching window, in seconds. */
  readonly windowSeconds?: number
}

export interface Rollout {
  readonly ring: Ring
  readonly makespanSeconds: number
  /** The makespan that no schedule could beat, even knowing every duration and failure beforehand. */
  readonly boundSeconds: number
  readonly lambdaCalls: number
  readonly sendCommands: number
  readonly turns: number
  /** Wall clock of the slowest call. */
  readonly slowestCallMs: number
  /** What DynamoDB would count: units, the largest item in bytes, and seconds in which a key took more than its 1,000. */
  readonly writeUnits: number
  readonly writeUnitsByKind: ReadonlyMap<string, number>
  readonly readUnits: number
  readonly largestItemBytes: number
  readonly largestItem: string
  readonly secondsOver: number
  readonly listInvocations: number
}

/** From the end of a command to the message in the queue. */
const eventDelayMs = 1_000
const planHash = 'a'.repeat(64)
const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const policy = () => {
  const loaded = loadPolicy(readFileSync(new URL('../policy/policy.yaml', import.meta.url), 'utf8'))
  if ('problems' in loaded) throw new Error('policy/policy.yaml cannot be read')
  return loaded.value
}

/** Services without windows: the calendar is read and is open. */
const catalogue = Catalogue.parse({
  people: [{ id: 'olivia', name: 'Olivia', email: 'olivia@example.com', roles: ['service-owner'] }],
  services: ['web', 'cache'].map((name) => ({
    name,
    title: name,
    tier: 'business-essential',
    owner: 'olivia',
    minimumHealthy: '90%',
    rings: [{ name: 'production', stage: 'production', soakSeconds: 0, failureBudget: 0 }],
    rollbackCriteria: {},
    rtoMinutes: 60,
    rpoMinutes: 60,
  })),
})
/** The approval that every pass counts again. */
const approval: Ballot = {
  purpose: 'approval',
  subject: changeId,
  subjectHash: planHash,
  changeId,
  choices: [{ choice: 'approve', outcome: 'approved', isFinal: false }],
  excluded: [{ who: 'drydock', because: 'own-request' }],
  mayDelegate: false,
  roles: ['service-owner'],
  escalateTo: 'executive',
  openedAt: '2026-01-01T00:00:00.000Z',
  remindAt: '2026-01-01T01:00:00.000Z',
  escalateAt: '2026-01-01T02:00:00.000Z',
  deadlineAt: '2026-01-02T00:00:00.000Z',
  isReminded: false,
  isEscalated: false,
  asked: [{ personId: 'olivia', linkId: '', secretDigest: '', codeDigest: '', wrongCodes: 0, isEscalation: false }],
  answers: [{ personId: 'olivia', choice: 'approve', comment: '', at: '2026-01-01T00:00:00.000Z', via: 'code' }],
  outcome: 'approved',
}
const change: Change = {
  changeId,
  service: 'web',
  patchSet: 'os-packages',
  packages: [{ name: 'snapd', fixedVersion: '2.63+22.04ubuntu0.1' }],
  vulnerabilityIds: [],
  state: 'in-progress',
  class: 'normal',
  priority: 50,
  reasons: [],
  needsForensicTriage: false,
  requester: 'drydock',
  planHash,
  ring: 'production',
  ringsDone: [],
  quarantined: [],
  openedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

/**
 * The bound that a clairvoyant could not beat: every host down for as long as its steps ran; one that failed for good,
 * from its failure to the end.
 */
function hindsight(problem: PlanningProblem, fleet: Fleet, ring: Ring, endMs: number): number {
  const seconds = new Map<string, number>()
  for (const command of fleet.commands.values()) {
    const step = fleet.documents.get(command.documentName)?.step ?? ''
    if (shareOf[step] === undefined) continue
    for (const { hostId, startedAtMs = 0, endedAtMs = 0 } of command.invocations) {
      const isLast = step === 'verify' && ring.hosts[hostId]?.state === 'failed'
      const ran = ((isLast ? endMs : endedAtMs) - startedAtMs) / 1000
      seconds.set(hostId, (seconds.get(hostId) ?? 0) + ran)
    }
  }
  const hosts = problem.hosts.map((host) => ({ ...host, durationSeconds: seconds.get(host.id) ?? 0.001 }))
  return lowerBoundSeconds({ ...problem, hosts })
}

function fleetFor(options: RolloutOptions): { fleet: Fleet; shape: Shape } {
  const documents = new Fleet({ seed: options.seed, stepMs: 1_000 })
  for (const document of ownDocuments()) documents.documents.set(document.name, document)
  const shape = shapeOf(options, documents)
  const fleet = new Fleet({
    seed: options.seed,
    stepMs: 10_000,
    lengthMsOf: (hostId, step) => 1_000 * shape.secondsOf(hostId, step),
  })
  for (const document of ownDocuments()) fleet.documents.set(document.name, document)
  for (const { id, zone } of shape.problem.hosts)
    fleet.nodes.set(id, anyNode({ hostId: id, zone, packages: { snapd: '2.58+22.04' } }))
  const random = randomOf(options.seed + 1)
  for (const { id } of shape.problem.hosts) {
    const chance = random()
    const step = stepNames[Math.floor(random() * 5)] ?? 'install'
    if (chance < options.transientShare) fleet.script({ fault: 'transient-failure', hostId: id, step, times: 1 })
    else if (chance > 1 - options.permanentShare)
      fleet.script({ fault: 'permanent-failure', hostId: id, step: 'install' })
  }
  return { fleet, shape }
}

const countedCommands = (commands: Commands, onAsk: () => void): Commands => ({
  ...commands,
  invocations(commandId) {
    onAsk()
    return commands.invocations(commandId)
  },
})

const takenOf = (meter: CapacityMeter) => ({
  writeUnits: meter
    .writeUnits()
    .values()
    .reduce((sum, units) => sum + units, 0),
  writeUnitsByKind: meter.writeUnits(),
  readUnits: meter.readUnits(),
  largestItemBytes: meter.largestItemBytes(),
  largestItem: meter.largestItem(),
  secondsOver: meter.secondsOver('writes'),
})

/** Runs a ring to its end; virtual time moves by the second, and calls take none. */
export async function rollOut(options: RolloutOptions): Promise<Rollout> {
  const { fleet, shape } = fleetFor(options)
  const clock = fixedClock(startMs)
  const meter = capacityMeter({ nowMs: clock.nowMs })
  const memory = memoryLedger(meter)
  const counted = { turns: 0, asked: 0, slowestCallMs: 0, lambdaCalls: 0 }
  const ledger: Ledger = {
    ...memory,
    async commit(transaction) {
      counted.turns++
      return memory.commit(transaction)
    },
  }
  const opened = openedRing(shape.plan, planHash, 'production', undefined, 'token', '2026-01-01T00:00:00.000Z')
  await memory.commit({
    moves: [
      { kind: 'policy', key: keys.policy(), from: 0, value: policy() },
      { kind: 'catalogue', key: keys.catalogue(), from: 0, value: catalogue },
      { kind: 'change', key: keys.change(changeId), from: 0, value: change },
      { kind: 'plan', key: keys.plan(changeId, planHash), from: 0, value: shape.plan },
      { kind: 'question', key: keys.ballot(changeId), from: 0, value: approval },
      ...ringMoves(undefined, opened).moves,
    ],
    evidence: [{ leafId: '0', at: '', type: 'bench.seeded', account: '', changeId, actor: '', body: {} }],
  })
  const queue = new Queue(1_000 * (options.windowSeconds ?? burstSeconds))
  const ports = {
    ledger,
    plans: rememberedPlans(ledger),
    rings: rememberedRings(),
    commands: countedCommands(fleetCommands(fleet, clock), () => counted.asked++),
    nudges: memoryNudges(({ stage, message, delaySeconds }) => {
      if (stage === 'dispatch')
        queue.put(
          {
            changeId: String(message.changeId),
            ring: String(message.ring),
            ...(message.sweep === undefined ? {} : { sweep: Number(message.sweep) }),
          },
          clock.nowMs() + 1_000 * delaySeconds,
        )
    }),
    clock,
    ids: sequentialIds(),
    metrics: { count: () => undefined },
    account: '123456789012',
    evidenceHealth: async () => ({ headAgeSeconds: 0, pending: 0 }),
    tokens: { succeed: async () => 'answered' as const },
  }
  queue.put({ changeId, ring: 'production', sweep: 1 }, startMs)
  let ring: Ring = opened
  while (ring.state === 'open') {
    for (const { commandId, hostId } of fleet.tick(clock.nowMs()))
      queue.put(
        { source: 'aws.ssm', detail: { 'command-id': commandId, 'instance-id': hostId } },
        clock.nowMs() + eventDelayMs,
      )
    for (const batch of queue.take(clock.nowMs())) {
      counted.lambdaCalls++
      const beforeMs = performance.now()
      const { failed, rings } = await dispatchHosts(batch, ports)
      counted.slowestCallMs = Math.max(counted.slowestCallMs, performance.now() - beforeMs)
      for (const error of failed.values()) throw error
      if (Object.values(rings).some((state) => state !== 'open'))
        ring = (await readRing(changeId, 'production', memory))?.value ?? ring
    }
    memory.removeFromOutbox(memory.outbox().map(({ leafId }) => leafId))
    clock.advance(1_000)
    if (clock.nowMs() - startMs > 1_000 * 86_400 * 30) throw new Error('the ring did not end within 30 days')
  }
  const endMs = Date.parse(ring.endedAt ?? '')
  return {
    ring,
    makespanSeconds: (endMs - startMs) / 1000,
    boundSeconds: hindsight(shape.problem, fleet, ring, endMs),
    lambdaCalls: counted.lambdaCalls,
    sendCommands: fleet.sendCommandCount,
    turns: counted.turns,
    slowestCallMs: counted.slowestCallMs,
    ...takenOf(meter),
    listInvocations: counted.asked,
  }
}
