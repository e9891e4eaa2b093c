/** `drydock evidence`: export, verify with no AWS, and how the log stands. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { s3EvidenceStore } from '../../functions/aws/evidence-store.ts'
import { kmsSigner } from '../../functions/aws/signer.ts'
import { verifierKeyOf } from '../../functions/evidence/index.ts'
import { connect } from '../connection.ts'
import { exportEvidence, verifyEvidence } from '../evidence-files.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, say } from '../output.ts'
import { addEvidencePath } from './evidence-path.ts'

export function addEvidence(program: Command) {
  const evidence = program.command('evidence').description('export and verify what was filed')
  evidence
    .command('export <change> <dir>')
    .description("write the leaves of a change with their proofs, and the log's public key, to a directory")
    .addHelpText('after', '\nExample: drydock evidence export 01JD3F7Q4VQ8X2M5N6P7R8S9T0 ./evidence')
    .action(async (changeId: string, directory: string) => {
      await connect(program.opts<{ stack: string }>().stack)
      mkdirSync(directory, { recursive: true })
      await exportEvidence({ store: s3EvidenceStore(), changeId, directory })
      const keyFile = `${directory.replace(/\/+$/, '')}.vkey`
      writeFileSync(keyFile, `${await verifierKeyOf(kmsSigner())}\n`)
      say(`exported to ${directory}; verify with: drydock evidence verify ${directory} --key ${keyFile}`)
    })
  evidence
    .command('verify <dir>')
    .description(
      'check an export with nothing but its files and a public key; exits 7 and names the first bad, missing, added or reordered leaf',
    )
    .requiredOption('--key <file>', "the log's public key: a signed-note verifier key, or PEM")
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock evidence verify ./evidence --key ./evidence.vkey')
    .action(async (directory: string, options: { key: string; json: boolean }) => {
      const result = await verifyEvidence({ directory, keyFile: options.key })
      if (options.json) printJson({ ...result })
      else if (result.ok)
        print(`verified: ${join(directory)} is complete and untouched; the log held ${result.size} leaves`)
      else for (const problem of result.problems) print(`${problem.kind}  ${problem.leaf}  ${problem.detail}`)
      if (!result.ok) throw new Ended(exitCodes.evidenceBad)
    })
  evidence
    .command('key')
    .description("the log's public key as a signed-note verifier key")
    .addHelpText('after', '\nExample: drydock evidence key > drydock.vkey')
    .action(async () => {
      await connect(program.opts<{ stack: string }>().stack)
      print(await verifierKeyOf(kmsSigner()))
    })
  addEvidencePath(program, evidence)
}
