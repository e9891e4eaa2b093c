/** `drydock evidence`: export evidence, verify it without AWS, and print the log's keys. */
import type { Command } from 'commander'
import { verifierKeyOf } from '../../functions/evidence/index.ts'
import { connect } from '../connection.ts'
import { evidenceLog } from '../hub-ports.ts'
import { print, printJson, say } from '../output.ts'
import { addEvidenceHost, addEvidencePeriod, exportWithKey } from './evidence-packs.ts'
import { addEvidencePath } from './evidence-path.ts'
import { addEvidenceVerify } from './evidence-verify.ts'

interface ExportOptions {
  readonly json: boolean
  readonly knownCheckpoint?: string
}

export function addEvidence(program: Command) {
  const evidence = program.command('evidence').description('export and verify filed evidence')
  evidence
    .command('export <change> <dir>')
    .description("write the leaves of a change with their proofs, and the log's public key, to a directory")
    .option(
      '--known-checkpoint <file>',
      'a checkpoint that you kept earlier; the export proves that the log continues it',
    )
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock evidence export 01JD3F7Q4VQ8X2M5N6P7R8S9T0 ./evidence')
    .action(async (changeId: string, directory: string, { json, knownCheckpoint }: ExportOptions) => {
      const log = evidenceLog(await connect(program.opts<{ stack: string }>().stack))
      const known = knownCheckpoint === undefined ? {} : { knownCheckpointFile: knownCheckpoint }
      const { keyFile, ...exported } = await exportWithKey({ ...log, ...known, changeId, directory })
      if (json) printJson({ changeId, directory, keyFile, ...exported })
      say(`exported to ${directory}; verify with: drydock evidence verify ${directory} --key ${keyFile}`)
    })
  addEvidenceVerify(evidence)
  addEvidenceHost(program, evidence)
  addEvidencePeriod(program, evidence)
  evidence
    .command('key')
    .description("the log's public keys as signed-note verifier keys, one a line")
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock evidence key > drydock.vkey')
    .action(async ({ json }: { json: boolean }) => {
      const { signer } = evidenceLog(await connect(program.opts<{ stack: string }>().stack))
      const keys = await verifierKeyOf(signer)
      if (json) printJson({ keys: keys.trim().split('\n') })
      else print(keys)
    })
  addEvidencePath(program, evidence)
}
