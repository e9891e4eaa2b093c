/**
 * The AWS emulator (MiniStack): installed once into its own virtual environment, started on a free port, stopped with
 * us.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { DrydockError } from '../functions/kit/errors.ts'
import { localAccount, localRegion } from '../simulator/local-account.ts'
import { freePort, projectRoot, runProgram, startProgram, stopProgram, workDirectory } from '../tools/processes.ts'

const environmentDirectory = join(workDirectory, 'venv')
const python = join(environmentDirectory, 'bin', 'python')
const requirements = join(projectRoot, 'local', 'requirements.txt')
const launcher = join(projectRoot, 'local', 'run-emulator.py')

export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string
  stop(): Promise<void>
  /**
   * Ends it and starts it again at the same address with its tables, buckets and functions; executions that ran are
   * FAILED.
   */
  restart(): Promise<void>
}

/** Makes the virtual environment when it is missing or its requirements changed. */
export async function installEmulator(onLine: (line: string) => void): Promise<void> {
  const stamp = join(environmentDirectory, 'requirements.sha256')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  onLine('installing the AWS emulator (once)')
  await runProgram(
    { command: 'python3', arguments: ['-m', 'venv', '--clear', environmentDirectory], logName: 'venv' },
    120_000,
  )
  await runProgram(
    { command: python, arguments: ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], logName: 'pip' },
    300_000,
  )
  writeFileSync(stamp, wanted)
}

/**
 * Forgets the profile, keys and endpoints that the shell names: neither we nor what we start may end up in a real
 * account.
 */
export function forgetAws(environment: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(environment)) if (name.startsWith('AWS_')) Reflect.deleteProperty(environment, name)
}

/** The variables with which any AWS client talks to the emulator. */
export const emulatorEnvironment = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: localAccount,
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: localRegion,
  AWS_DEFAULT_REGION: localRegion,
  AWS_EC2_METADATA_DISABLED: 'true',
})

/** How MiniStack runs for us: one account and region, Lambdas on this machine, and no listener beyond 127.0.0.1. */
export const emulatorSettings = (port: number) => ({
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_ACCOUNT_ID: localAccount,
  MINISTACK_REGION: localRegion,
  // BIND_HOST does not reach its MQTT listener, which would stand on 0.0.0.0:8883.
  IOT_MTLS_ENABLED: '0',
  LAMBDA_EXECUTOR: 'local',
  LAMBDA_STATE_TRANSITION_SECONDS: '0',
})

async function isReady(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(1_000) })
    return response.ok
  } catch {
    return false
  }
}

/**
 * Waits until `endpoint` answers.
 *
 * @throws DrydockError DD2422 after `timeoutMs`, or once `hasEnded`.
 */
export async function waitUntilReady(
  endpoint: string,
  timeoutMs: number,
  hasEnded: () => boolean = () => false,
): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await isReady(endpoint))) {
    if (hasEnded())
      throw new DrydockError('DD2422', `the AWS emulator ended as it started; see .drydock/logs/ministack.log`)
    if (Date.now() > end)
      throw new DrydockError(
        'DD2422',
        `no AWS emulator answers at ${endpoint} after ${timeoutMs / 1000} s; see .drydock/logs/ministack.log`,
      )
    await new Promise((done) => setTimeout(done, 100))
  }
}

/**
 * Keys of assumed roles name no account: the emulator takes its own for them, which has to be ours.
 *
 * @throws DrydockError DD2422 when it is another.
 */
async function checkAccount(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'ASIALOCAL', secretAccessKey: 'local' }
  const sts = new STSClient({ endpoint, region: localRegion, credentials })
  const { Account } = await sts.send(new GetCallerIdentityCommand({}))
  if (Account !== localAccount)
    throw new DrydockError(
      'DD2422',
      `the emulator at ${endpoint} is account ${Account}, not ${localAccount}; ` +
        `start it with MINISTACK_ACCOUNT_ID=${localAccount} MINISTACK_REGION=${localRegion}`,
    )
}

/**
 * Starts MiniStack, or takes the one that DRYDOCK_AWS_ENDPOINT names. Lambdas run on the Node that runs us.
 *
 * @param keepsState whether what it holds outlives a restart; off unless asked, for it costs time at the end.
 */
export async function startEmulator(
  onLine: (line: string) => void,
  { keepsState = false }: { readonly keepsState?: boolean } = {},
): Promise<Emulator> {
  const given = process.env.DRYDOCK_AWS_ENDPOINT
  if (given !== undefined && given !== '') {
    await waitUntilReady(given, 10_000)
    await checkAccount(given)
    return {
      endpoint: given,
      stop: async () => undefined,
      restart: () =>
        Promise.reject(
          new DrydockError('DD2422', `the emulator at ${given} was not started by us, so it cannot be restarted`),
        ),
    }
  }
  await installEmulator(onLine)
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOwn(keepsState)
    } catch (error) {
      // Between the look for a free port and the start another program may have taken it.
      if (attempt === startAttemptsMax) throw error
    }
  }
}

const startAttemptsMax = 3
/** It takes two seconds; on a machine that does much else, minutes. */
const startMsMax = 120_000

/** Starts MiniStack on a free port. */
async function startOwn(keepsState: boolean): Promise<Emulator> {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const stateDirectory = join(workDirectory, `state-${port}`)
  const program = {
    command: python,
    arguments: [launcher],
    environment: {
      ...emulatorEnvironment(endpoint),
      ...emulatorSettings(port),
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      LOG_LEVEL: process.env.DRYDOCK_EMULATOR_LOG ?? 'INFO',
      ...(keepsState && {
        PERSIST_STATE: '1',
        S3_PERSIST: '1',
        STATE_DIR: stateDirectory,
        S3_DATA_DIR: join(stateDirectory, 's3'),
      }),
    },
    logName: 'ministack',
  }
  const start = async () => {
    const { child } = startProgram(program)
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    try {
      await waitUntilReady(endpoint, startMsMax, () => child.exitCode !== null)
    } catch (error) {
      stopProgram(child)
      throw error
    }
    return async () => {
      stopProgram(child)
      await ended
    }
  }
  let end = await start()
  return {
    endpoint,
    async stop() {
      await end()
      rmSync(stateDirectory, { recursive: true, force: true })
    },
    async restart() {
      await end()
      end = await start()
    },
  }
}
