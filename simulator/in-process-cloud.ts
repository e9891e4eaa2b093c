/** Drydock without a cloud: the handlers' own functions on ports in memory, queues, schedules and machines on virtual time. */
import { createHash } from 'node:crypto'
import { type AskApprovers, run as askApprovers } from '../functions/approvals/ask-approvers.ts'
import { run as closeBallot } from '../functions/approvals/close-ballot.ts'
import { run as openBallot } from '../functions/approvals/open-ballot.ts'
import { sha256 } from '../functions/aws/node-crypto.ts'
import { run as assessFinding } from '../functions/changes/assess-finding.ts'
import { findingDesk } from '../functions/changes/index.ts'
import { consoleApp } from '../functions/console/index.ts'
import { run as chooseNextStep } from '../functions/driver/choose-next-step.ts'
import { run as closeChange } from '../functions/driver/close-change.ts'
import type { ReconcileChanges } from '../functions/driver/reconcile-changes.ts'
import { run as reconcileChanges } from '../functions/driver/reconcile-changes.ts'
import { run as archiveLeaves } from '../functions/evidence/archive-leaves.ts'
import { readEvidenceHealth } from '../functions/evidence/index.ts'
import { run as receiveFindings } from '../functions/intake/receive-findings.ts'
import { run as enrichFindings } from '../functions/intel/enrich-findings.ts'
import { type FeedName, storedIntel } from '../functions/intel/index.ts'
import { run as refreshFeed } from '../functions/intel/refresh-feed.ts'
import { run as syncAssets } from '../functions/inventory/sync-assets.ts'
import type { Metrics } from '../functions/kit/ports.ts'
import { isoInstant } from '../functions/kit/time.ts'
import { run as planChange } from '../functions/planning/plan-change.ts'
import { run as finishRollback } from '../functions/rollback/finish-rollback.ts'
import { run as openRollback } from '../functions/rollback/open-rollback.ts'
import { askGates } from '../functions/rollout/ask-gates.ts'
import { run as checkGates } from '../functions/rollout/check-gates.ts'
import { DispatchMessage, run as dispatchHosts } from '../functions/rollout/dispatch-hosts.ts'
import { run as holdRing } from '../functions/rollout/hold-ring.ts'
import { run as openRing } from '../functions/rollout/open-ring.ts'
import { rememberedPlans } from '../functions/rollout/plans.ts'
import { rememberedRings } from '../functions/rollout/rings.ts'
import { run as judgeCanary } from '../functions/validation/judge-canary.ts'
import { run as startValidation } from '../functions/validation/start-validation.ts'
import type { BusEvent, LocalCloud } from './cloud.ts'
import type { Feeds } from './feeds.ts'
import { eventOf } from './fleet/events.ts'
import type { Fleet } from './fleet/fleet.ts'
import { fleetPump } from './fleet/pump.ts'
import { localAccount, localRegion } from './local-account.ts'
import { definitionOf } from './machines/definitions.ts'
import { machineRuns } from './machines/machine-runs.ts'
import { taskTokens } from './machines/task-tokens.ts'
import { memoryChangeDriver } from './ports/change-driver.ts'
import { fleetCommands } from './ports/commands.ts'
import { memoryEvidenceStore } from './ports/evidence-store.ts'
import { simulatedFeedSource } from './ports/feed-source.ts'
import { memoryFeedStore } from './ports/feed-store.ts'
import { fleetInventories, fleetOverrideLists, fleetPins } from './ports/fleet.ts'
import { fleetMetrics } from './ports/fleet-metrics.ts'
import { memoryLedger } from './ports/ledger.ts'
import { memoryMailer } from './ports/mailer.ts'
import { memoryNudges, type SentNudge } from './ports/nudges.ts'
import { memoryChainHeads, memoryLogHead, memoryOutbox } from './ports/outbox.ts'
import { fleetProber } from './ports/prober.ts'
import { memoryRefusals } from './ports/refusals.ts'
import { seededSecrets } from './ports/secrets.ts'
import type { LocalSigner } from './ports/signer.ts'
import { seededIds } from './ports/time.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import { timedFunctions } from './timed-functions.ts'
import { workQueue } from './work-queue.ts'

export interface InProcessOptions {
  readonly fleet: Fleet
  readonly scheduler: Scheduler
  readonly random: Random
  readonly feeds: Feeds
  readonly signer: LocalSigner
  /** Where the links in mails lead. */
  readonly consoleUrl: string
  /** Told of work that was given up. */
  readonly onLine: (line: string) => void
  /** Milliseconds that a message or a call takes, by its name; absent: none. */
  readonly latencyMs?: ((what: string) => number) | undefined
  /** Puts faults between Drydock and its ports. */
  readonly wrap?: ((ports: SimulatedPorts) => SimulatedPorts) | undefined
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
/** Hosts of the addresses do not matter: nothing leaves the process. */
const addressOf = (feed: FeedName) =>
  `http://127.0.0.1:9/${{ kev: 'kev.json', epss: 'epss.csv.gz', vulnrichment: 'vulnrichment' }[feed]}`

/** Every port, made once. */
function makePorts({ fleet, scheduler, random, feeds, signer, consoleUrl }: InProcessOptions) {
  const { clock } = scheduler
  const store = memoryEvidenceStore()
  const ledger = memoryLedger(undefined, store)
  const metrics: Metrics = { count: () => undefined }
  const feedStore = memoryFeedStore()
  const [outbox, logHead] = [memoryOutbox(ledger), memoryLogHead()]
  return {
    ledger,
    plans: rememberedPlans(ledger),
    rings: rememberedRings(),
    clock,
    ids: seededIds(clock, random.fork('ids')),
    account: localAccount,
    region: localRegion,
    metrics,
    digest,
    sha256,
    tokens: taskTokens(),
    mailer: memoryMailer(),
    secrets: seededSecrets(random.fork('secrets')),
    consoleUrl,
    feedStore,
    intel: storedIntel(ledger, feedStore),
    source: simulatedFeedSource(feeds),
    refusals: memoryRefusals(),
    inventories: fleetInventories(fleet, localRegion),
    pins: fleetPins(fleet),
    overrideLists: fleetOverrideLists(fleet),
    commands: fleetCommands(fleet, clock),
    prober: fleetProber(fleet),
    samples: fleetMetrics(fleet),
    store,
    signer,
    outbox,
    logHead,
    chainHeads: memoryChainHeads(),
    evidenceHealth: () => readEvidenceHealth({ outbox, logHead, clock }),
    unfiled: { hasAny: async (changeId: string) => ledger.hasUnfiled(changeId) },
  }
}

export type SimulatedPorts = ReturnType<typeof makePorts>
type AllPorts = SimulatedPorts & { readonly nudges: ReturnType<typeof memoryNudges> }

/** The Lambdas that machines call, by the names in their files. */
function machineFunctions(all: AllPorts) {
  const call =
    <Input>(run: (input: Input) => Promise<unknown>) =>
    (input: unknown) =>
      run(JSON.parse(JSON.stringify(input)))
  return {
    ChooseNextStep: call<{ changeId: string; driver?: string }>((input) => chooseNextStep(input, all)),
    PlanChange: call<{ changeId: string }>((input) => planChange(input, all)),
    CloseChange: call<{ changeId: string }>((input) => closeChange(input, all)),
    OpenBallot: call<{ changeId: string }>((input) => openBallot(input, all)),
    AskApprovers: call<AskApprovers>((input) => askApprovers(input, all)),
    CloseBallot: call<{ changeId: string }>((input) => closeBallot(input, all)),
    CheckGates: call<{ changeId: string; ring: string }>((input) => checkGates(input, all)),
    OpenRing: call<{ changeId: string; ring: string; taskToken: string }>((input) => openRing(input, all)),
    HoldRing: call<{ changeId: string; ring: string }>((input) => holdRing(input, all)),
    StartValidation: call<{ changeId: string; ring: string }>((input) => startValidation(input, all)),
    JudgeCanary: call<{ changeId: string; ring: string }>((input) =>
      judgeCanary(input, { ...all, metrics: all.samples }),
    ),
    OpenRollback: call<{ changeId: string; ring: string; reason: string; taskToken: string }>((input) =>
      openRollback(input, all),
    ),
    FinishRollback: call<{ changeId: string; ring: string; reason: string }>((input) => finishRollback(input, all)),
  }
}

/** Queues, machines and stages over the ports: what AWS would run. */
function startEngine(ports: SimulatedPorts, { scheduler, onLine, latencyMs = () => 0 }: InProcessOptions) {
  const counted = { transitions: 0, lambdaCalls: 0 }
  const giveUp = (what: string, error: unknown) =>
    onLine(`${what} failed: ${error instanceof Error ? error.message : String(error)}`)
  const queue = workQueue(scheduler, giveUp, latencyMs)
  const nudges = memoryNudges((nudge) => queue.add(nudge.stage, () => handle(nudge), nudge.delaySeconds))
  const all = { ...ports, nudges }
  const functions = timedFunctions(machineFunctions(all), scheduler, latencyMs, () => counted.lambdaCalls++)
  const machines = machineRuns({
    scheduler,
    tokens: ports.tokens,
    functions,
    definitionOf,
    onState: () => counted.transitions++,
  })
  const driver = memoryChangeDriver(({ changeId, name, seconds }) =>
    machines.start('change', { changeId, driver: name, seconds }, (error) => {
      driver.end(name)
      if (error === undefined) return
      giveUp(`the driver of ${changeId}`, error)
      // As the status change event of Step Functions does.
      queue.add('reconcile', () => reconcile({ detail: { name } }), 0)
    }),
  )
  const reconcile = (input: ReconcileChanges) =>
    reconcileChanges(input, {
      ...all,
      driver,
      log: { info: () => undefined },
      askGates: (changeId, ring) => askGates({ changeId, ring }, all),
    })
  const dispatch = async (message: unknown) => {
    const { failed } = await dispatchHosts([DispatchMessage.parse(message)], all)
    for (const error of failed.values()) throw error
  }
  const handle = async ({ stage, message }: SentNudge) => {
    counted.lambdaCalls++
    if (stage === 'assess') await assessFinding({ findingId: String(message.findingId) }, { ...all, driver })
    else if (stage === 'enrich')
      await enrichFindings([{ findingId: String(message.findingId) }], { ...all, store: ports.feedStore, addressOf })
    else if (stage === 'dispatch') await dispatch(message)
    else await archiveLeaves({}, all)
  }
  const desk = findingDesk({ ...all, driver })
  const publish = async (event: BusEvent) => {
    const body = {
      version: '0',
      id: ports.ids.next(),
      'detail-type': event.DetailType,
      source: event.Source,
      account: localAccount,
      time: isoInstant(ports.clock.nowMs()),
      region: localRegion,
      resources: event.Resources ?? [],
      detail: JSON.parse(event.Detail),
    }
    counted.lambdaCalls++
    if (event.Source === 'aws.ssm') queue.add('dispatch', () => dispatch(body), 0)
    else await scheduler.call('intake', () => receiveFindings(JSON.stringify(body), { ...all, desk }))
  }
  return { publish, counted, reconcile, queue, all, machines }
}

type Trigger = Parameters<LocalCloud['trigger']>[0]

/** The scheduled functions, each with what it is asked at the hub's rates. */
const schedules: readonly (readonly [minutes: number, Trigger, Readonly<Record<string, string>>])[] = [
  [1, 'evidence/archive-leaves', {}],
  [5, 'driver/reconcile-changes', {}],
  [30, 'inventory/sync-assets', {}],
  [60, 'intel/refresh-feed', { feed: 'kev' }],
  [360, 'intel/refresh-feed', { feed: 'epss' }],
  [360, 'intel/refresh-feed', { feed: 'vulnrichment' }],
]

/** Starts everything on the scheduler; nothing moves before it does. */
export function makeInProcessCloud(options: InProcessOptions) {
  const { fleet, scheduler, random, consoleUrl, wrap = (ports) => ports } = options
  const made = makePorts(options)
  const commands = {
    ...made.commands,
    send: async (...input: Parameters<typeof made.commands.send>) => {
      const answer = await made.commands.send(...input)
      pump.look()
      return answer
    },
    cancel: async (commandId: string) => {
      await made.commands.cancel(commandId)
      pump.look()
    },
  }
  const ports = wrap({ ...made, commands })
  const { publish, counted, reconcile, queue, all, machines } = startEngine(ports, options)
  const pump = fleetPump({
    fleet,
    scheduler,
    onEvent: (event) => void publish(eventOf(event)),
    onMove: () => made.samples.observe(scheduler.clock.nowMs()),
  })
  pump.look()
  const triggers: Readonly<Record<Trigger, (input: Readonly<Record<string, string>>) => Promise<unknown>>> = {
    'inventory/sync-assets': () => syncAssets({}, all),
    'intel/refresh-feed': ({ feed }) =>
      refreshFeed(
        { feed: feed === 'epss' || feed === 'vulnrichment' ? feed : 'kev' },
        { ...all, store: ports.feedStore, addressOf },
      ),
    'driver/reconcile-changes': () => reconcile({}),
    'evidence/archive-leaves': () => archiveLeaves({}, all),
  }
  for (const [minutes, name, input] of schedules)
    scheduler.every(minutes * 60_000, name, () => queue.add(name, () => triggers[name](input), 0, true))
  const nonces = random.fork('nonces')
  const makeNonce = () => Buffer.from(nonces.bytes(16)).toString('base64')
  const app = consoleApp({ ...all, makeNonce, signedIn: () => 'console' })
  const answer = async (request: Request) => scheduler.call('console', () => app.fetch(request))
  return {
    ports,
    pump,
    counted,
    publish,
    /** The console as a web application. */
    fetch: answer,
    request: (path: string, init?: RequestInit) => answer(new Request(`${consoleUrl}${path}`, init)),
    inbox: async () => made.mailer.sent,
    trigger: (name: Trigger, input: Readonly<Record<string, string>>) =>
      scheduler.call(name, async () => void (await triggers[name](input))),
    /** What each running machine is waiting in. */
    waits: machines.waits,
  }
}
