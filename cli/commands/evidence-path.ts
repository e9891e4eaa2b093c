/** `drydock evidence path`: what happened to one vulnerability on one host, told only from verified leaves. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import * as z from 'zod'
import { digestOf } from '../../functions/aws/runtime.ts'
import { changesWith } from '../../functions/changes/index.ts'
import { FiledLeaf, verifierKeyOf } from '../../functions/evidence/index.ts'
import { byTextOf } from '../../functions/kit/by-text.ts'
import { objectPath } from '../../functions/kit/object-header.ts'
import {
  type FiledRecord,
  type HostPath,
  type PathOutcome,
  type PathQuestion,
  pathOf,
} from '../../functions/reporting/index.ts'
import { connect } from '../connection.ts'
import { exportEvidence, verifyEvidence } from '../evidence-files.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { evidenceLog } from '../hub-ports.ts'
import { Ended, print, printJson, say } from '../output.ts'

const codes: Readonly<Record<PathOutcome, ExitCode>> = {
  patched: exitCodes.ok,
  open: exitCodes.pending,
  'rolled-back': exitCodes.rolledBack,
  quarantined: exitCodes.held,
  'not-patched': exitCodes.error,
  unknown: exitCodes.error,
}

interface Options {
  readonly from?: readonly string[]
  readonly key?: string
  readonly to?: string
  readonly json: boolean
}

export function addEvidencePath(program: Command, evidence: Command) {
  evidence
    .command('path <vulnerability> <host>')
    .description(
      'what happened to a vulnerability on a host, told only from verified leaves; exits 0 patched, 2 open, 5 rolled back, 6 quarantined, 7 evidence bad, 1 otherwise',
    )
    .option('--to <dir>', 'export the changes with the vulnerability to a new directory, and read from there')
    .option('--from <dir...>', 'read from exports, with no AWS; needs --key')
    .option('--key <file>', "the log's public key, for --from")
    .option('--json', 'one JSON document', false)
    .addHelpText(
      'after',
      '\nExample: drydock evidence path CVE-2024-29069 i-0000000000d0c0007 --to ./path\n         drydock evidence path CVE-2024-29069 i-0000000000d0c0007 --from ./path/* --key ./path.vkey',
    )
    .action(async (vulnerabilityId: string, hostId: string, options: Options) => {
      const { directories, keyFile } = await exportsOf(program, { vulnerabilityId, hostId }, options)
      for (const directory of directories) {
        const verdict = await verifyEvidence({ directory, keyFiles: [keyFile] })
        if (verdict.ok) continue
        const [{ kind, leaf, detail } = {}] = verdict.problems
        throw new Ended(
          exitCodes.evidenceBad,
          `${directory} does not verify (${kind} ${leaf}: ${detail}); nothing is reported from it`,
        )
      }
      const path = pathOf(directories.flatMap(leavesOf), { vulnerabilityId, hostId })
      if (options.json) printJson({ ...path })
      else tell(path)
      throw new Ended(codes[path.outcome])
    })
}

async function exportsOf(program: Command, { vulnerabilityId, hostId }: PathQuestion, { from, key, to }: Options) {
  if (from !== undefined) {
    if (key === undefined)
      throw new Ended(exitCodes.usage, '--from needs --key: nothing is proven without a public key')
    return { directories: from, keyFile: key }
  }
  if (to === undefined) throw new Ended(exitCodes.usage, 'name a directory: --to to export, or --from to read')
  const connection = await connect(program.opts<{ stack: string }>().stack)
  const changeIds = await changesWith(vulnerabilityId, hostId, connection.ledger)
  if (changeIds.length === 0) throw new Ended(exitCodes.error, `no change has ${vulnerabilityId} on ${hostId}`)
  const directories = changeIds.map((changeId) => join(to, changeId))
  const { signer, ...log } = evidenceLog(connection)
  for (const [index, directory] of directories.entries()) {
    mkdirSync(directory, { recursive: true })
    await exportEvidence({ ...log, changeId: changeIds[index] ?? '', directory })
  }
  const keyFile = `${to.replace(/\/+$/, '')}.vkey`
  writeFileSync(keyFile, `${await verifierKeyOf(signer)}\n`)
  say(`exported to ${directories.join(', ')}; public key in ${keyFile}`)
  return { directories, keyFile }
}

/**
 * The leaves of a verified export; a change's leaves sort by name in the order they were made, because a ULID sorts by
 * time.
 */
function leavesOf(directory: string): FiledRecord[] {
  return globSync('v1/leaf/**/*.json', { cwd: directory })
    .map((leaf) => ({ leaf, ...FiledLeaf.parse(JSON.parse(readFileSync(join(directory, leaf), 'utf8'))) }))
    .map(({ leaf, record }) => ({ leaf, record: withPlan(record, directory) }))
    .toSorted(byTextOf(({ record }) => record.leafId))
}

const Planned = z.looseObject({ planHash: z.string().regex(/^[0-9a-f]{64}$/), object: z.string() })

/** A leaf names its plan by hash; where the export holds the plan, and it has that hash, the leaf is read with it. */
function withPlan(record: FiledRecord['record'], directory: string): FiledRecord['record'] {
  const planned = record.type === 'change.planned' ? Planned.safeParse(record.body).data : undefined
  const file = planned && join(directory, objectPath(planned.planHash))
  if (!file || !existsSync(file)) return record
  const text = readFileSync(file, 'utf8')
  if (digestOf(text) !== planned.planHash) return record
  return { ...record, body: { planHash: planned.planHash, plan: z.json().parse(JSON.parse(text)) } }
}

function tell({ vulnerabilityId, hostId, outcome, because, steps }: HostPath) {
  print(`${vulnerabilityId} on ${hostId}: ${outcome} (${because})`)
  for (const { at, actor, what } of steps) print(`${at}  ${actor.padEnd(8)}  ${what}`)
}
