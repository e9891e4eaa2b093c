/**
 * A whole Drydock with its fleet, its feeds and its people on virtual time: the entry point for tests, the bench and
 * seeded runs. Equal options give equal leaves, byte for byte.
 */

import type { Catalogue, Policy } from '../functions/catalogue/index.ts'
import { byTextOf } from '../functions/kit/by-text.ts'
import { type FeedContents, makeFeeds } from './feeds.ts'
import type { Fault } from './fleet/faults.ts'
import type { Fleet } from './fleet/fleet.ts'
import { makeInProcessCloud, type SimulatedPorts } from './in-process-cloud.ts'
import { localSigner, stubSigner } from './ports/signer.ts'
import { seededRandom } from './random.ts'
import { type RunOptions, Scheduler } from './scheduler.ts'
import { loadSettings } from './settings.ts'
import { approveAll } from './voters.ts'

export interface WorldOptions {
  /** Where identifiers, secrets, keys and every latency come from. */
  readonly seed: number | string
  /** A fleet that no other world uses; its own chance comes from its own seed. */
  readonly fleet: Fleet
  readonly catalogue: Catalogue
  readonly policy: Policy
  /** What goes wrong on the fleet, from the start. */
  readonly faults?: readonly Fault[]
  /** The instant at which the world starts; absent: Monday, 2026-11-23, 08:00 UTC. */
  readonly startMs?: number
  readonly feeds?: FeedContents
  /** `stub` signs nothing and costs nothing; absent: Ed25519 by a key of the seed. */
  readonly signer?: 'ed25519' | 'stub'
  /** Milliseconds that a message or a call takes, by its name and a draw from 0 to 1; absent: none. */
  readonly latencyMs?: (what: string, draw: number) => number
  /** Puts faults between Drydock and its ports. */
  readonly wrap?: (ports: SimulatedPorts) => SimulatedPorts
  /** Where links in mails lead. */
  readonly consoleUrl?: string
  /** Actions after which a run counts as endless. */
  readonly stepsMax?: number
}

/** One action of the scheduler, as it happened. */
export interface WorldEvent {
  readonly atMs: number
  readonly sequence: number
  readonly what: string
}

export interface Leaf {
  readonly path: string
  readonly text: string
}

export type World = Awaited<ReturnType<typeof makeWorld>>

/** The default start: a Monday morning, outside every rotation of keys, months and years. */
export const worldStartMs = Date.parse('2026-11-23T08:00:00.000Z')

/** Loads the settings, reads the fleet and fetches the feeds; then time stands still until somebody lets it run. */
export async function makeWorld(options: WorldOptions) {
  const { seed, fleet, startMs = worldStartMs, consoleUrl = 'http://console.test', latencyMs, wrap } = options
  const random = seededRandom(seed)
  const events: WorldEvent[] = []
  const failures: string[] = []
  const scheduler = new Scheduler({
    startMs,
    ...(options.stepsMax === undefined ? {} : { stepsMax: options.stepsMax }),
    describe: () => [...cloud.waits(), ...failures],
    onStep: ({ atMs, sequence, what }) => events.push({ atMs, sequence, what }),
  })
  for (const fault of options.faults ?? []) fleet.script(fault)
  const latencies = random.fork('latencies')
  const cloud = makeInProcessCloud({
    fleet,
    scheduler,
    random,
    feeds: makeFeeds(startMs, options.feeds),
    signer: options.signer === 'stub' ? stubSigner() : localSigner('drydock.local/evidence', `${seed}/signer`),
    consoleUrl,
    onLine: (line) => failures.push(line),
    latencyMs: latencyMs && ((what) => latencyMs(what, latencies.fraction())),
    wrap,
  })
  const { ports, pump } = cloud
  await loadSettings(ports, options)
  await cloud.trigger('inventory/sync-assets', {})
  for (const feed of ['kev', 'epss', 'vulnrichment']) await cloud.trigger('intel/refresh-feed', { feed })
  const answered = new Set<string>()
  const votes = () => approveAll(cloud, answered)
  return {
    ...cloud,
    /** Lets time pass until something holds; see Scheduler.run for what it throws. */
    run: (run: RunOptions) => scheduler.run(run),
    during: <T>(work: () => Promise<T>) => scheduler.during(work),
    scheduler,
    clock: scheduler.clock,
    ids: ports.ids,
    ledger: ports.ledger,
    fleet,
    /** What ran so far, in order. */
    events: events as readonly WorldEvent[],
    /** Work that was given up after its retries. */
    failures: failures as readonly string[],
    /** Does something to the world after `delayMs`: a node dies, the catalogue is edited, a feed breaks. */
    after: (delayMs: number, what: string, action: () => unknown) =>
      scheduler.after(delayMs, what, async () => {
        await action()
        pump.look()
      }),
    /** Approves what is asked for now; gives back who voted. */
    approve: votes,
    /** From now on everybody looks for mail every `everyMs` and approves what they are asked. */
    approveEvery: (everyMs: number) => scheduler.every(everyMs, 'people vote', votes),
    /** Files what waits, and gives back every leaf of the log by its path. */
    async leaves(): Promise<readonly Leaf[]> {
      await cloud.trigger('evidence/archive-leaves', {})
      const leaves = [...ports.store.objects].filter(([path]) => path.startsWith('v1/leaf/'))
      return leaves
        .map(([path, bytes]) => ({ path, text: new TextDecoder().decode(bytes) }))
        .sort(byTextOf(({ path }) => path))
    },
  }
}
