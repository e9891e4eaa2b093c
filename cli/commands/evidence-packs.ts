/** `drydock evidence host` and `evidence period`: packs of leaves that prove themselves, each leaf with its proof. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { type Signer, verifierKeyOf } from '../../functions/evidence/index.ts'
import { counted } from '../../functions/kit/display-text.ts'
import type { Ledger } from '../../functions/kit/ledger.ts'
import { outcomesOfHost } from '../../functions/outcomes/index.ts'
import { searchSteps } from '../../functions/rollout/index.ts'
import { connect } from '../connection.ts'
import { type ExportOptions, exportEvidence } from '../evidence-files.ts'
import { exitCodes } from '../exit-codes.ts'
import { evidenceLog } from '../hub-ports.ts'
import { Ended, printJson, say } from '../output.ts'

const keyFileOf = (directory: string) => `${directory.replace(/\/+$/, '')}.vkey`

/** Writes an export, and beside it the log's public keys, which no verification works without. */
export async function exportWithKey({ signer, ...options }: ExportOptions & { readonly signer: Signer }) {
  const keyFile = keyFileOf(options.directory)
  mkdirSync(options.directory, { recursive: true })
  const exported = await exportEvidence(options)
  writeFileSync(keyFile, `${await verifierKeyOf(signer)}\n`)
  return { keyFile, ...exported }
}

export function addEvidenceHost(program: Command, evidence: Command) {
  evidence
    .command('host <host> <dir>')
    .description('a pack for each change that the ledger says touched a host; each proves itself complete')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock evidence host i-0000000000d0c0007 ./host')
    .action(async (hostId: string, directory: string, { json }: { json: boolean }) => {
      const connection = await connect(program.opts<{ stack: string }>().stack)
      const changeIds = await changesOf(hostId, connection.ledger)
      if (changeIds.length === 0) throw new Ended(exitCodes.error, `no change has touched ${hostId}`)
      const { signer, ...log } = evidenceLog(connection)
      const directories = changeIds.map((changeId) => join(directory, changeId))
      for (const [at, changeId] of changeIds.entries()) {
        const folder = directories[at] ?? directory
        mkdirSync(folder, { recursive: true })
        await exportEvidence({ ...log, changeId, directory: folder })
      }
      const keyFile = keyFileOf(directory)
      writeFileSync(keyFile, `${await verifierKeyOf(signer)}\n`)
      if (json) printJson({ hostId, directories, keyFile })
      say(
        `exported ${counted(changeIds.length, 'change')} to ${directory}; verify each with: drydock evidence verify DIR --key ${keyFile}`,
      )
      say("the list of changes is the ledger's: no pack proves that no other change touched the host")
    })
}

/** The changes with a step or an outcome of the host, oldest first. */
async function changesOf(hostId: string, ledger: Ledger): Promise<readonly string[]> {
  const [outcomes, steps] = [
    await outcomesOfHost(hostId, ledger),
    (await searchSteps({ hostId, limit: stepsMax }, ledger)).steps,
  ]
  return [...new Set([...outcomes, ...steps].map(({ changeId }) => changeId))].toSorted()
}
const stepsMax = 10_000

export function addEvidencePeriod(program: Command, evidence: Command) {
  evidence
    .command('period <from> <to> <dir>')
    .description('a pack of the leaves filed on these days (YYYY-MM-DD, both included), each with its proof')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock evidence period 2026-11-01 2026-11-30 ./november')
    .action(async (from: string, to: string, directory: string, { json }: { json: boolean }) => {
      const period = { from: dayOf(from), to: dayOf(to) }
      const log = evidenceLog(await connect(program.opts<{ stack: string }>().stack))
      const { keyFile, ...exported } = await exportWithKey({ ...log, period, directory })
      if (json) printJson({ ...period, directory, keyFile, ...exported })
      say(`exported to ${directory}; verify with: drydock evidence verify ${directory} --key ${keyFile}`)
    })
}

function dayOf(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('expected a day like 2026-11-30')
  return text
}
