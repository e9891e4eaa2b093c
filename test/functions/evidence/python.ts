/** The Python that docs/verify.py runs on, and its verdicts. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { verifyEvidence } from '../../../cli/evidence-files.ts'
import { installEmulator } from '../../../local/emulator.ts'
import { projectRoot } from '../../../tools/processes.ts'

export const script = fileURLToPath(new URL('../../../docs/verify.py', import.meta.url))

const isAbleTo = (python: string, statements: string) => spawnSync(python, ['-c', statements]).status === 0

/** The local cloud's Python has `cryptography`; any other that has it will do. */
const findPython = () =>
  [join(projectRoot, '.drydock', 'venv', 'bin', 'python'), 'python3'].find((python) =>
    isAbleTo(python, 'import cryptography'),
  )

async function installPython(): Promise<string | undefined> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  try {
    await installEmulator(say)
  } catch (error) {
    say(`no Python with cryptography: ${error instanceof Error ? error.message : String(error)}`)
  }
  return findPython()
}

const found = findPython() ?? (await installPython())
const isCi = process.env.CI !== undefined && process.env.CI !== ''

/** Only where none can be had, as offline, and never where CI is set. */
export const isPythonMissing = found === undefined && !isCi
export const python = found ?? 'python3'
export const hasMlDsa = isAbleTo(
  python,
  'from cryptography.hazmat.primitives.asymmetric import mldsa; mldsa.MLDSA65PrivateKey.generate()',
)

export function byPython(directory: string, keyFile: string, ...more: string[]) {
  const { status, stdout, stderr } = spawnSync(python, [script, directory, '--key', keyFile, '--json', ...more], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (stderr !== '') throw new Error(stderr)
  return { status, verdict: JSON.parse(stdout) }
}

/** Our verdict, which Python must share to the last problem. */
export async function bothSay(directory: string, keyFile: string) {
  const ours = await verifyEvidence({ directory, keyFiles: [keyFile] })
  const { status, verdict } = byPython(directory, keyFile)
  expect(verdict).toEqual({ ...ours, problems: ours.problems.map(({ kind, leaf }) => ({ kind, leaf })) })
  expect(status).toBe(ours.ok ? 0 : 7)
  return ours
}
