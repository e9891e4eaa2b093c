/** The same Drydock without a cloud: the handlers' own functions on the local implementations of the ports, the machines by the runner. */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { type AskApprovers, run as askApprovers } from '../functions/approvals/handlers/ask-approvers.ts'
import { run as closeBallot } from '../functions/approvals/handlers/close-ballot.ts'
import { run as openBallot } from '../functions/approvals/handlers/open-ballot.ts'
import { httpFeedSource } from '../functions/aws/feed-source.ts'
import { sha256 } from '../functions/aws/node-crypto.ts'
import { httpProber } from '../functions/aws/prober.ts'
import { systemClock, systemIds } from '../functions/aws/runtime.ts'
import { systemSecrets } from '../functions/aws/secrets.ts'
import { run as assessFinding } from '../functions/changes/handlers/assess-finding.ts'
import { consoleApp } from '../functions/console/index.ts'
import { run as chooseNextStep } from '../functions/driver/handlers/choose-next-step.ts'
import { run as closeChange } from '../functions/driver/handlers/close-change.ts'
import { run as reconcileChanges } from '../functions/driver/handlers/reconcile-changes.ts'
import type { ReconcileChanges } from '../functions/driver/reconcile-changes.ts'
import { run as archiveLeaves } from '../functions/evidence/handlers/archive-leaves.ts'
import { readEvidenceHealth } from '../functions/evidence/index.ts'
import { run as receiveFindings } from '../functions/intake/handlers/receive-findings.ts'
import { run as enrichFindings } from '../functions/intel/handlers/enrich-findings.ts'
import { run as refreshFeed } from '../functions/intel/handlers/refresh-feed.ts'
import { type FeedName, storedIntel } from '../functions/intel/index.ts'
import { run as syncAssets } from '../functions/inventory/handlers/sync-assets.ts'
import type { Metrics } from '../functions/kit/ports.ts'
import { run as planChange } from '../functions/planning/handlers/plan-change.ts'
import { run as finishRollback } from '../functions/rollback/handlers/finish-rollback.ts'
import { run as openRollback } from '../functions/rollback/handlers/open-rollback.ts'
import { askGates } from '../functions/rollout/ask-gates.ts'
import { DispatchMessage, run as dispatchHosts } from '../functions/rollout/dispatch-hosts.ts'
import { run as checkGates } from '../functions/rollout/handlers/check-gates.ts'
import { run as holdRing } from '../functions/rollout/handlers/hold-ring.ts'
import { run as openRing } from '../functions/rollout/handlers/open-ring.ts'
import { rememberedPlans } from '../functions/rollout/plans.ts'
import { run as judgeCanary } from '../functions/validation/handlers/judge-canary.ts'
import { run as startValidation } from '../functions/validation/handlers/start-validation.ts'
import { freePort } from '../tools/processes.ts'
import type { BusEvent, LocalCloud } from './cloud.ts'
import { startFeedServer } from './feed-server.ts'
import type { Fleet } from './fleet/fleet.ts'
import { startFleetServer } from './fleet/server.ts'
import { startInbox } from './inbox.ts'
import { localAccount, localRegion } from './local-account.ts'
import { runMachine } from './machines/asl-runner.ts'
import { taskTokens } from './machines/task-tokens.ts'
import { memoryChangeDriver } from './ports/change-driver.ts'
import { fleetCommands } from './ports/commands.ts'
import { memoryEvidenceStore } from './ports/evidence-store.ts'
import { memoryFeedStore } from './ports/feed-store.ts'
import { fleetInventories, fleetOverrideLists, fleetPins } from './ports/fleet.ts'
import { memoryLedger } from './ports/ledger.ts'
import { memoryMailer } from './ports/mailer.ts'
import { memoryMetrics } from './ports/metric-source.ts'
import { memoryNudges, type SentNudge } from './ports/nudges.ts'
import { memoryLogHead, memoryOutbox } from './ports/outbox.ts'
import { memoryRefusals } from './ports/refusals.ts'
import { localSigner } from './ports/signer.ts'
import { workQueue } from './work-queue.ts'

export interface InProcessOptions {
  readonly fleet: Fleet
  readonly onLine: (line: string) => void
}

const definition = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../statemachines/${file}.asl.json`, import.meta.url), 'utf8'))
const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/** Every port, made once. */
async function makePorts({ fleet }: InProcessOptions) {
  const ledger = memoryLedger()
  const [consolePort, inboxPort] = [await freePort(), await freePort()]
  const metrics: Metrics = { count: () => undefined }
  const feedStore = memoryFeedStore()
  const store = memoryEvidenceStore()
  const [outbox, logHead] = [memoryOutbox(ledger), memoryLogHead()]
  return {
    ledger,
    plans: rememberedPlans(ledger),
    clock: systemClock,
    ids: systemIds,
    account: localAccount,
    region: localRegion,
    metrics,
    digest,
    sha256,
    tokens: taskTokens(),
    mailer: memoryMailer(),
    secrets: systemSecrets(),
    consoleUrl: `http://127.0.0.1:${consolePort}`,
    consolePort,
    inboxPort,
    feedStore,
    intel: storedIntel(ledger, feedStore),
    source: httpFeedSource(),
    refusals: memoryRefusals(),
    inventories: fleetInventories(fleet, localRegion),
    pins: fleetPins(fleet),
    overrideLists: fleetOverrideLists(fleet),
    commands: fleetCommands(fleet, systemClock),
    prober: httpProber(),
    samples: memoryMetrics(),
    store,
    signer: localSigner(),
    outbox,
    logHead,
    evidenceHealth: () => readEvidenceHealth({ outbox, logHead, clock: systemClock }),
    unfiled: { hasAny: async (changeId: string) => ledger.outbox().some((record) => record.changeId === changeId) },
  }
}

type AllPorts = Awaited<ReturnType<typeof makePorts>> & { readonly nudges: ReturnType<typeof memoryNudges> }

/** The Lambdas that machines call, by the names in their files. */
function machineFunctions(all: AllPorts, onCall: () => void) {
  const call =
    <Input>(run: (input: Input) => Promise<unknown>) =>
    async (input: unknown) => {
      onCall()
      return run(JSON.parse(JSON.stringify(input)))
    }
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
function startEngine(
  ports: Awaited<ReturnType<typeof makePorts>>,
  addressOf: (feed: FeedName) => string,
  onLine: (line: string) => void,
) {
  const counted = { transitions: 0, lambdaCalls: 0 }
  const queue = workQueue((name, error) =>
    onLine(`${name} failed: ${error instanceof Error ? error.message : String(error)}`),
  )
  const nudges = memoryNudges((nudge) => queue.add(nudge.stage, () => handle(nudge), nudge.delaySeconds))
  const all = { ...ports, nudges }
  const driver = memoryChangeDriver(({ changeId, name, seconds }) =>
    queue.add('change', () => drive(changeId, name, seconds), 0, { isLong: true }),
  )
  const reconcile = (input: ReconcileChanges) =>
    reconcileChanges(input, {
      ...all,
      driver,
      log: { info: () => undefined },
      askGates: (changeId, ring) => askGates({ changeId, ring }, all),
    })
  const drive = async (changeId: string, name: string, seconds: number) => {
    try {
      await machine('change', { changeId, driver: name, seconds })
      driver.end(name)
    } catch (error) {
      driver.end(name)
      // As the status change event of Step Functions does.
      queue.add('reconcile', () => reconcile({ detail: { name } }), 0)
      throw error
    }
  }

  const functions = machineFunctions(all, () => counted.lambdaCalls++)
  const machine = (file: string, input: unknown): Promise<unknown> =>
    runMachine({
      definition: definition(file),
      input,
      functions,
      machines: {
        ApprovalMachine: (own) => machine('approval', own),
        DeploymentMachine: (own) => machine('deployment', own),
        CanaryMachine: (own) => machine('canary', own),
        RollbackMachine: (own) => machine('rollback', own),
      },
      wait: (seconds) => queue.sleep(seconds),
      startTimer: (seconds, onElapsed) => queue.timer(seconds, onElapsed),
      tokens: ports.tokens,
      onState: () => counted.transitions++,
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

  const publish = async (event: BusEvent) => {
    const body = {
      version: '0',
      id: systemIds.next(),
      'detail-type': event.DetailType,
      source: event.Source,
      account: localAccount,
      time: new Date().toISOString(),
      region: localRegion,
      resources: event.Resources ?? [],
      detail: JSON.parse(event.Detail),
    }
    counted.lambdaCalls++
    if (event.Source === 'aws.ssm') return queue.add('dispatch', () => dispatch(body), 0)
    await receiveFindings(JSON.stringify(body), all)
  }
  return { publish, counted, reconcile, queue, all }
}

export async function startInProcessCloud(
  options: InProcessOptions,
): Promise<LocalCloud & { readonly fleetAddress: string }> {
  const { fleet, onLine } = options
  const ports = await makePorts(options)
  const feeds = await startFeedServer({})
  const addresses = {
    kev: `${feeds.address}/kev.json`,
    epss: `${feeds.address}/epss.csv.gz`,
    vulnrichment: `${feeds.address}/vulnrichment`,
  }
  const addressOf = (feed: FeedName) => addresses[feed]
  const { publish, counted, reconcile, queue, all } = startEngine(ports, addressOf, onLine)
  const fleetServer = await startFleetServer({ fleet, onEvent: (event) => void publish(event) })
  const pump = setInterval(() => {
    const now = Date.now()
    ports.samples.put(
      fleet.metricsAt(now).map(({ hostId, service, name, value }) => ({
        namespace: 'Drydock/Local',
        name,
        service,
        hostId,
        atMs: now,
        value,
      })),
    )
  }, 1_000)
  // The hub's schedule, faster than its minute.
  const archive = setInterval(() => queue.add('archive', () => archiveLeaves({}, all), 0), 5_000)
  const app = consoleApp({ ...all, makeNonce: () => randomBytes(16).toString('base64'), signedIn: () => 'console' })
  const consoleServer = serve({ fetch: app.fetch, port: ports.consolePort, hostname: '127.0.0.1' })
  const inbox = async () => ports.mailer.sent
  const inboxServer = startInbox(inbox, ports.inboxPort)
  const triggers = {
    'inventory/sync-assets': () => syncAssets({}, all),
    'intel/refresh-feed': ({ feed }: Readonly<Record<string, string>>) =>
      refreshFeed(
        { feed: feed === 'epss' || feed === 'vulnrichment' ? feed : 'kev' },
        { ...all, store: ports.feedStore, addressOf },
      ),
    'driver/reconcile-changes': () => reconcile({}),
    'evidence/archive-leaves': () => archiveLeaves({}, all),
  }
  return {
    description: `Drydock in process, ${fleet.size} simulated nodes`,
    kind: 'in-process',
    consoleUrl: ports.consoleUrl,
    inboxUrl: inboxServer.address,
    fleetAddress: fleetServer.address,
    ledger: ports.ledger,
    evidence: ports.store,
    verifierKey: () => ports.signer.verifierKey(),
    publish,
    inbox,
    async trigger(name, input) {
      await triggers[name](input)
    },
    counts: async () => ({ ...counted, sendCommands: fleet.sendCommandCount }),
    async stop() {
      clearInterval(pump)
      clearInterval(archive)
      queue.stop()
      await Promise.all([
        fleetServer.close(),
        feeds.close(),
        inboxServer.close(),
        new Promise((done) => consoleServer.close(done)),
      ])
    },
  }
}
