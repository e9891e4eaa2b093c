/** `drydock start`: brings up the local cloud, plays the scenario, verifies the evidence, reports what happened. */
import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deployFromAssembly } from '../local/deploy.ts'
import { deployByCdk } from '../local/deploy-by-cdk.ts'
import { installEmulator } from '../local/emulator.ts'
import { startEmulatorCloud } from '../local/emulator-cloud.ts'
import { startInProcessCloud } from '../local/in-process-cloud.ts'
import { type Display, makeDisplay } from '../local/scenario/display.ts'
import { scriptFaults } from '../local/scenario/faults.ts'
import { runScenario, type ScenarioOutcome } from '../local/scenario/scenario.ts'
import { seed } from '../local/scenario/seed.ts'
import { startStopwatch } from '../local/scenario/stopwatch.ts'
import { summary, type Verified } from '../local/scenario/summary.ts'
import type { LocalCloud } from '../simulator/cloud.ts'
import { defaultFleet, withSpoke } from '../simulator/fleet/default-fleet.ts'
import type { Fleet } from '../simulator/fleet/fleet.ts'
import { workDirectory } from '../tools/processes.ts'
import { sessionFile } from './connection.ts'
import { exportEvidence, verifyEvidence } from './evidence-files.ts'
import { print, printJson } from './output.ts'

export interface StartOptions {
  readonly yes: boolean
  readonly ci: boolean
  readonly keep: boolean
  readonly json: boolean
  readonly inProcess: boolean
  /**
   * Virtual seconds per real second; absent: as fast as possible where no person is needed, else 1. In process only.
   */
  readonly pace?: number
  /** Milliseconds since 1970 at which virtual time begins; absent: now. In process only. */
  readonly from?: number
}

const fleetSeed = 20_261_123

type Started = LocalCloud & {
  readonly fleetAddress: string
  /** Environment for other processes, where they can reach the cloud. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs to the end; returns false if anything differs from what the scenario promises. */
export async function start(options: StartOptions): Promise<boolean> {
  const stopwatch = startStopwatch()
  const startMs = options.from ?? Date.now()
  // Until the cloud, and its clock, exist.
  let shownMs = () => options.from ?? Date.now()
  const display = makeDisplay(process.stderr, options.ci || options.json, () => shownMs())
  const fleet = withSpoke(defaultFleet(fleetSeed))
  scriptFaults(fleet)
  const cloud = await bringUp(options, startMs, fleet, display)
  if (cloud.kind === 'in-process') shownMs = () => cloud.clock.nowMs()
  try {
    display.line(cloud.description)
    if (cloud.isServed) display.line(`console ${cloud.consoleUrl}   inbox ${cloud.inboxUrl}`)
    stopwatch.lap('cloud')
    await seed(cloud, cloud.fleetAddress, cloud.clock.nowMs())
    stopwatch.lap('catalogue, inventory and feeds')
    const readyMs = cloud.clock.nowMs()
    const timeoutMs = options.yes ? 240_000 : 3_600_000
    const outcome = await cloud.during(() =>
      runScenario({ cloud, fleet, display, isUnattended: options.yes, timeoutMs }),
    )
    stopwatch.lap('scenario')
    const verified = await verifyOutcome(cloud, outcome, display)
    stopwatch.lap('evidence')
    display.end()
    const told = await summary({ cloud, fleet, outcome, verified, startMs, readyMs, laps: stopwatch.laps })
    if (options.json) printJson(told.document)
    else print(told.text)
    if (options.keep) await keepUp(cloud, display)
    return told.isAsPromised
  } finally {
    await cloud.stop()
  }
}

/** The emulator where it is available; otherwise the same scenario in process, and a first line that says so. */
async function bringUp(options: StartOptions, startMs: number, fleet: Fleet, display: Display): Promise<Started> {
  const alone = (because: string) => {
    display.line(`${because}: the scenario runs in process, on in-memory ports`)
    // A person who votes or explores needs pages, and time to read them.
    const pace = options.pace ?? (options.yes && !options.keep ? undefined : 1)
    // The seed determines the links, so where pages are served it must be secret.
    const ownSeed = pace === undefined ? fleetSeed : randomUUID()
    return startInProcessCloud({
      fleet,
      seed: ownSeed,
      startMs,
      pace,
      onLine: (line) => display.line(line),
    })
  }
  if (options.inProcess || options.pace !== undefined || options.from !== undefined)
    return alone('asked for --in-process')
  const isOwn = !process.env.DRYDOCK_AWS_ENDPOINT
  // An emulator that runs already may have the hub, which the CLI brings up to date.
  const deploy = isOwn ? deployFromAssembly(fleet.sessions.spokes) : deployByCdk
  if (isOwn) {
    // Reported once it is done: the first line must say if the scenario runs in process.
    const told: string[] = []
    try {
      await installEmulator((line) => {
        told.push(line)
        display.status(told)
      })
      display.status([])
      for (const line of told) display.line(`${line}: done`)
    } catch (error) {
      display.status([])
      return alone(`the AWS emulator cannot be installed (${error instanceof Error ? error.message : String(error)})`)
    }
  }
  return startEmulatorCloud({ fleet, deploy, onLine: (line) => display.line(line) })
}

/** Exports the patched change's evidence, verifies it, flips one byte in a copy and lets the verifier name it. */
async function verifyOutcome(cloud: LocalCloud, outcome: ScenarioOutcome, display: Display): Promise<Verified> {
  const directory = join(workDirectory, 'evidence', outcome.patched.change.changeId)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const keyFile = join(workDirectory, 'evidence', 'key.vkey')
  writeFileSync(keyFile, `${await cloud.verifierKey()}\n`)
  await cloud.trigger('evidence/archive-leaves', {})
  await exportEvidence({ store: cloud.evidence, changeId: outcome.patched.change.changeId, directory })
  const good = await verifyEvidence({ directory, keyFiles: [keyFile] })
  display.line(`evidence exported to ${directory}: ${good.ok ? 'verified' : 'NOT verified'}`)
  const tampered = `${directory}.tampered`
  rmSync(tampered, { recursive: true, force: true })
  cpSync(directory, tampered, { recursive: true })
  const leaf = flipOneByte(tampered)
  const bad = await verifyEvidence({ directory: tampered, keyFiles: [keyFile] })
  display.line(
    `one byte flipped in a copy: the verifier says ${bad.problems[0] ? `${bad.problems[0].kind} ${bad.problems[0].leaf}` : 'nothing'}`,
  )
  return { directory, keyFile, good, bad, leaf }
}

function flipOneByte(directory: string): string {
  const leaves = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('v1/leaf/') && path.endsWith('.json'))
    .sort()
  const path = leaves[Math.floor(leaves.length / 2)]
  if (path === undefined) throw new Error('the export holds no leaf')
  const bytes = readFileSync(join(directory, path))
  const at = Math.floor(bytes.length / 2)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(join(directory, path), bytes)
  return path
}

async function keepUp(cloud: Started, display: Display) {
  const { environment } = cloud
  if (environment) {
    const file = sessionFile()
    writeFileSync(file, JSON.stringify({ environment }))
    process.once('exit', () => rmSync(file, { force: true }))
  }
  display.line(
    `still up: console ${cloud.consoleUrl}, inbox ${cloud.inboxUrl};${environment ? ' "npx drydock changes" talks to it;' : ''} Ctrl-C ends it`,
  )
  await cloud.during(() => new Promise(() => undefined))
}
