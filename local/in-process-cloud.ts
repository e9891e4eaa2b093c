/**
 * The local cloud without an emulator: Drydock in process on virtual time, as fast as it can or at the pace of a clock.
 */
import type { LocalCloud } from '../simulator/cloud.ts'
import { makeFeeds } from '../simulator/feeds.ts'
import type { Fleet } from '../simulator/fleet/fleet.ts'
import { makeInProcessCloud } from '../simulator/in-process-cloud.ts'
import { inboxApp } from '../simulator/inbox.ts'
import { localSigner } from '../simulator/ports/signer.ts'
import { seededRandom } from '../simulator/random.ts'
import { Scheduler } from '../simulator/scheduler.ts'
import type { Listening } from './listen.ts'
import { runPaced } from './paced.ts'
import { serveApp } from './serve-app.ts'

export interface InProcessOptions {
  readonly fleet: Fleet
  readonly seed: number | string
  readonly startMs: number
  /**
   * Virtual seconds per real second, with console and inbox served; absent: as fast as possible, with nothing served.
   */
  readonly pace?: number | undefined
  readonly onLine: (line: string) => void
}

const notServed = 'http://console.test'

/** Makes it; with a pace it serves the console and the inbox until `stop`. */
export async function startInProcessCloud({
  fleet,
  seed,
  startMs,
  pace,
  onLine,
}: InProcessOptions): Promise<LocalCloud & { readonly fleetAddress: string }> {
  const served: readonly Listening[] =
    pace === undefined
      ? []
      : [
          await serveApp((request) => inboxApp(cloud.inbox).fetch(request)),
          await serveApp((request) => cloud.fetch(request)),
        ]
  const [inboxServer, consoleServer] = served
  const consoleUrl = consoleServer?.address ?? notServed
  const scheduler = new Scheduler({ startMs, describe: () => cloud.waits() })
  const cloud = makeInProcessCloud({
    fleet,
    scheduler,
    random: seededRandom(seed),
    feeds: makeFeeds(startMs),
    signer: localSigner('drydock.local/evidence', `${seed}/signer`),
    consoleUrl,
    onLine,
  })
  const { ports, publish, inbox, request, trigger, counted } = cloud
  return {
    description: `Drydock in process on virtual time, ${fleet.size} simulated nodes`,
    kind: 'in-process',
    clock: scheduler.clock,
    ids: ports.ids,
    consoleUrl,
    inboxUrl: inboxServer?.address ?? 'http://inbox.test',
    isServed: pace !== undefined,
    // Probes and feeds are asked in process, whatever the host of their addresses.
    fleetAddress: 'http://127.0.0.1:9',
    ledger: ports.ledger,
    evidence: ports.store,
    verifierKey: () => ports.signer.verifierKey(),
    publish,
    inbox,
    request,
    trigger,
    sleep: (ms) => scheduler.sleep(ms, 'the scenario looks'),
    during: (work) => (pace === undefined ? scheduler.during(work) : duringPaced(scheduler, pace, work)),
    counts: async () => ({ ...counted, sendCommands: fleet.sendCommandCount }),
    async stop() {
      for (const server of served) await server.close()
    },
  }
}

async function duringPaced<T>(scheduler: Scheduler, pace: number, work: () => Promise<T>): Promise<T> {
  let isOver = false
  const result = work().finally(() => {
    isOver = true
  })
  result.catch(() => undefined)
  await runPaced(scheduler, pace, () => isOver)
  return result
}
