/** `drydock evidence verify`: from files and a public key alone, without AWS. */

import type { Command } from 'commander'
import type { Verdict } from '../../functions/evidence/index.ts'
import { counted } from '../../functions/kit/display-text.ts'
import { claimsOf } from '../../functions/reporting/index.ts'
import { verifyEvidence } from '../evidence-files.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson } from '../output.ts'

interface VerifyOptions {
  readonly key: readonly string[]
  readonly knownCheckpoint?: string
  readonly json: boolean
}

export function addEvidenceVerify(evidence: Command) {
  evidence
    .command('verify <dir>')
    .description(
      'check an export with nothing but its files and a public key; exits 7 and names the first bad, missing, added or reordered leaf',
    )
    .requiredOption(
      '--key <file>',
      "the log's public keys: signed-note verifier keys, or PEM; may be given more than once",
      (file: string, before: readonly string[] = []) => [...before, file],
    )
    .option('--known-checkpoint <file>', 'a checkpoint that you kept earlier; the log must continue it')
    .option('--json', 'one JSON document', false)
    .addHelpText(
      'after',
      '\nExample: drydock evidence verify ./evidence --key ./evidence.vkey --known-checkpoint ./checkpoint-of-march',
    )
    .action(async (directory: string, { key, knownCheckpoint, json }: VerifyOptions) => {
      const verdict = await verifyEvidence({
        directory,
        keyFiles: key,
        ...(knownCheckpoint === undefined ? {} : { knownCheckpointFile: knownCheckpoint }),
      })
      if (json) printJson({ ...verdict, ...claimsOf(verdict) })
      else print(toldOf(directory, verdict))
      if (!verdict.ok) throw new Ended(exitCodes.evidenceBad)
    })
}

/** Text from a file name or a foreign checkpoint, without anything that a terminal would obey. */
const visible = (text: string) =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (hidden) => `\\u${(hidden.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)

/** A verdict for people. */
function toldOf(directory: string, verdict: Verdict): string {
  const { ok, size, leaves, problems } = verdict
  const { proven, notProven } = claimsOf(verdict)
  if (!ok)
    return [
      ...problems.map(({ kind, leaf, detail }) => `${kind}  ${visible(leaf)}  ${visible(detail)}`),
      `NOT verified: ${directory}, ${counted(problems.length, 'problem')}; tree size ${size}, ${counted(leaves, 'leaf', 'leaves')} checked`,
    ].join('\n')
  return [
    `verified: ${directory} is complete and untouched; tree size ${size}, ${counted(leaves, 'leaf', 'leaves')} checked`,
    'proven',
    ...proven.map((claim) => `  ${visible(claim)}`),
    'not proven',
    ...notProven.map((claim) => `  ${claim}`),
  ].join('\n')
}
