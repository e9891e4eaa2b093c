/** Export and verification of one change in logs of 10,000 to 10,000,000 leaves, of which only what is read is made. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localSigner } from '../simulator/ports/signer.ts'
import { projectRoot } from '../tools/processes.ts'
import { runCommand, runScript } from './evidence-command.ts'
import { packLeaves, packName } from './evidence-lazy-log.ts'
import type { BenchRow } from './table.ts'

const sizes = [10_000, 100_000, 1_000_000, 10_000_000] as const
/** The size for which the goals were set. */
const goalSize = 10_000_000
const runs = 3

const goalAt = (size: number) => (size === goalSize ? { goalRatioMax: 1 } : {})

/** Bytes of a pack besides its leaves, for each leaf. */
function overheadOf(directory: string): number {
  const bytes = ['manifest.json', join('v1', 'tlog', 'checkpoint')].map((path) => statSync(join(directory, path)).size)
  return bytes.reduce((sum, size) => sum + size, 0) / packLeaves
}

/** The best of some runs: other load only ever adds. */
function measurePack(size: number, root: string, keyFile: string) {
  const script = join(projectRoot, 'bench', 'evidence-export.ts')
  const exports = Array.from({ length: runs }, (_, run) => {
    const directory = join(root, `${size}-${run}`)
    mkdirSync(directory)
    return { directory, ...runScript(script, String(size), directory) }
  })
  const { directory = '' } = exports[0] ?? {}
  const verifications = Array.from({ length: runs }, () => runCommand(directory, keyFile))
  return {
    exportSeconds: Math.min(...exports.map(({ output }) => Number(output))) / 1_000,
    verifySeconds: Math.min(...verifications.map(({ cpuSeconds }) => cpuSeconds)),
    megabytes: Math.max(...[...exports, ...verifications].map((run) => run.megabytes)),
    overhead: overheadOf(directory),
    files: readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length,
  }
}

/** Rows for each size of log; a pack of 50 leaves. */
export async function measurePacks(): Promise<BenchRow[]> {
  const root = mkdtempSync(join(tmpdir(), 'drydock-bench-'))
  const keyFile = join(root, 'log.vkey')
  writeFileSync(keyFile, await localSigner(packName, 'bench').verifierKey())
  try {
    return sizes.flatMap((size) => {
      const pack = measurePack(size, root, keyFile)
      const what = `one change of ${packLeaves} leaves in a log of ${size.toLocaleString('en')}`
      const bound = (2_048 * Math.log2(size)) / 20
      return [
        {
          what: `export and verify ${what}: time`,
          ours: pack.exportSeconds + pack.verifySeconds,
          peer: 0.5,
          unit: 's',
          against: 'bound; CPU, with the start of Node for the verifier',
          ...goalAt(size),
        },
        {
          what: `export ${what}: time, the rest being the verifier`,
          ours: pack.exportSeconds,
          peer: 0.5,
          unit: 's',
          against: 'bound for both',
        },
        {
          what: `export and verify ${what}: peak memory of either`,
          ours: pack.megabytes,
          peer: 120,
          unit: 'MB',
          against: 'bound, resident',
          ...goalAt(size),
        },
        {
          what: `${what}: bytes beside each leaf, ${pack.files} files in all`,
          ours: pack.overhead,
          peer: bound,
          unit: 'bytes',
          against: '2 kB x log2(n)/20',
          goalRatioMax: 1,
        },
      ]
    })
  } finally {
    rmSync(root, { recursive: true })
  }
}
