/** Runs a case on a real root, and reads back what became of it. */
import { type DocumentName, documentContent } from '../../documents/index.ts'
import type { Action, HostCase } from './contract.ts'
import type { Ran, Root } from './world.ts'

/** What a host is, before and after. */
export interface HostState {
  readonly packages: readonly string[]
  readonly configuration: readonly string[]
}

/** What a step gave, without what differs from run to run. */
export interface StepRecord {
  readonly step: string
  readonly exit: number
  readonly told: unknown
  readonly changed: readonly string[]
}

export interface CaseRun {
  readonly before: HostState
  readonly after: HostState
  readonly steps: readonly StepRecord[]
  readonly runs: readonly (Ran | undefined)[]
}

/** A host that a case runs on: its manager's words for state and items. */
export interface CaseHost {
  readonly root: Root
  /** The package list; with `isWhole` the digests of /etc too. */
  state(isWhole: boolean): Promise<HostState>
  item(item: string): readonly string[]
  act(action: Exclude<Action, { run: DocumentName } | { do: string } | { kill: DocumentName }>): Promise<void>
}

const ids = (name: string) =>
  `01J${name
    .toUpperCase()
    .replace(/[^0-9A-HJKMNP-TV-Z]/g, '0')
    .padStart(23, '0')
    .slice(-23)}`

const unsteady = new Set([
  'bootId',
  'runningKernel',
  'installedKernel',
  'agentVersion',
  'kernel',
  'load1',
  'diskFreeMegabytes',
  'wholeSha256',
  'wholeBytes',
  'archive',
  'sha256',
  'bytes',
  'files',
  'changeId',
  'schemaVersion',
  'installed',
])

function steady(stdout: string): unknown {
  const [first = ''] = stdout.split('\n')
  if (first === '') return ''
  if (first.length > 2_500) return `the result has ${first.length} characters`
  const result: Readonly<Record<string, unknown>> = JSON.parse(first)
  return Object.fromEntries(Object.entries(result).filter(([key]) => !unsteady.has(key)))
}

const scriptOf = (name: DocumentName) => [documentContent(name).mainSteps[0]?.inputs.runCommand].flat().join('\n')

/** Packages and configuration that came (+) or went (-). */
export const difference = (before: HostState, after: HostState): string[] => [
  ...before.packages.filter((one) => !after.packages.includes(one)).map((one) => `-${one}`),
  ...after.packages.filter((one) => !before.packages.includes(one)).map((one) => `+${one}`),
  ...before.configuration
    .filter((one) => !after.configuration.includes(one))
    .map((one) => `-${one.slice(0, 8)}${one.slice(64)}`),
  ...after.configuration
    .filter((one) => !before.configuration.includes(one))
    .map((one) => `+${one.slice(0, 8)}${one.slice(64)}`),
]

/** As SSM Agent runs a document: `sh -c FILE`, nothing on standard input, parameters as variables. */
async function runDocument(host: CaseHost, name: DocumentName, environment: Readonly<Record<string, string>>) {
  await host.root.write('/root/_script.sh', scriptOf(name), '700')
  return await host.root.shell('sh -c /root/_script.sh </dev/null', environment)
}

async function killDocument(
  host: CaseHost,
  name: DocumentName,
  environment: Readonly<Record<string, string>>,
  once: string,
) {
  await host.root.write('/root/_script.sh', scriptOf(name), '700')
  // In a process namespace of its own, of which nothing outlives the kill.
  const program = `unshare --pid --fork --mount --mount-proc --kill-child=KILL sh -c /root/_script.sh </dev/null >/dev/null 2>&1 &
for i in $(seq 600); do if [ -e ${once} ]; then break; fi; sleep 0.1; done; kill -9 $!; wait $!; true`
  return await host.root.shell(program, environment)
}

/** Every step of a case in order. */
export async function runCase({ id, steps }: HostCase, host: CaseHost): Promise<CaseRun> {
  const before = await host.state(true)
  const records: StepRecord[] = []
  const runs: (Ran | undefined)[] = []
  let last: HostState = { ...before, configuration: [''] }
  for (const [index, action] of steps.entries()) {
    const ran = await act(host, id, action, index)
    runs.push(ran)
    if (!ran) continue
    const now = await host.state(false)
    const [what, told] = 'run' in action ? [action.run, steady(ran.stdout)] : ['killed', '']
    records.push({
      step: what,
      exit: 'run' in action ? ran.code : 0,
      told,
      changed: difference(last, now).slice(0, 12),
    })
    last = now
  }
  return { before, after: await host.state(true), steps: records, runs }
}

async function act(host: CaseHost, id: string, action: Action, index: number): Promise<Ran | undefined> {
  const items = (packages: string) =>
    packages
      .split(' ')
      .flatMap((one) => (one === '' ? [] : host.item(one)))
      .join(' ')
  const parameters = (packages: string, intent: string, change: string) => ({
    SSM_changeId: ids(change),
    SSM_intentId: ids(intent),
    SSM_packages: items(packages),
    DRYDOCK_MANAGER_SECONDS: '4',
    // Overlays of one machine share inodes, so another root's lock would look like this host's own.
    DRYDOCK_LOCKS_FILE: '/dev/null',
    DRYDOCK_LOAD_FILE: '/root/load',
    DRYDOCK_BOOT_ID_FILE: '/root/boot-id',
    // This machine's processes are none of the host's; a case puts links to its own there.
    DRYDOCK_PROC_DIRECTORY: '/root/proc',
  })
  if ('run' in action)
    return await runDocument(
      host,
      action.run,
      parameters(action.packages ?? '', action.intent ?? `${id}${index}`, action.change ?? id),
    )
  if ('kill' in action)
    return await killDocument(host, action.kill, parameters(action.packages, 'killed', id), action.once)
  if ('do' in action) {
    await host.root.must(action.do)
    return undefined
  }
  await host.act(action)
  return undefined
}
