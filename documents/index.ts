/** The SSM Command documents, assembled from their shell scripts: all that ever runs on a host. */
import { readFileSync } from 'node:fs'
import { type DocumentParameter, identifiers, packageList } from './parameters.ts'
import { explainFailure } from './signatures.ts'

export const documentNames = [
  'Drydock-Precheck',
  'Drydock-RestorePoint',
  'Drydock-Install',
  'Drydock-Reboot',
  'Drydock-Verify',
  'Drydock-Collect',
  'Drydock-Rollback',
] as const
export type DocumentName = (typeof documentNames)[number]

const descriptions: Readonly<Record<DocumentName, string>> = {
  'Drydock-Precheck': 'Checks disk, load, package manager lock, held packages and pending reboot before a patch.',
  'Drydock-RestorePoint':
    'Records installed versions and failed units, and whether those versions are still available.',
  'Drydock-Install': 'Installs exact package versions; never reboots.',
  'Drydock-Reboot': 'Reboots once and reports the new boot id.',
  'Drydock-Verify': 'Reads back versions, kernels, pending reboot, boot id, agent and failed units.',
  'Drydock-Collect': 'Keeps logs, package state and configuration before a rollback.',
  'Drydock-Rollback': 'Returns packages to the versions of the restore point.',
}

/** A schema 2.2 step; `inputs` depends on the action. */
export interface DocumentStep {
  readonly action: string
  readonly name: string
  readonly precondition: { readonly StringEquals: readonly ['platformType', 'Linux' | 'Windows'] }
  readonly inputs: Readonly<Record<string, unknown>>
}

export interface CommandDocument {
  readonly schemaVersion: '2.2'
  readonly description: string
  readonly parameters: Readonly<Record<string, DocumentParameter>>
  readonly mainSteps: readonly DocumentStep[]
}

/** `Drydock-RestorePoint` -> `restore-point` */
export const stepOfDocument = (name: DocumentName) =>
  name.replace('Drydock-', '').replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`)

const script = (name: string) => readFileSync(new URL(`scripts/${name}.sh`, import.meta.url), 'utf8').trimEnd()
/** The parts that a document needs besides those of every document. */
const partsOf = (name: DocumentName): readonly string[] => {
  const change = [explainFailure(), script('change')]
  switch (name) {
    case 'Drydock-Precheck':
      return change
    case 'Drydock-RestorePoint':
      return [...change, script('keep')]
    case 'Drydock-Install':
      return [...change, script('effective')]
    case 'Drydock-Rollback':
      return [...change, script('keep'), script('effective')]
    case 'Drydock-Verify':
      return [script('effective')]
    default:
      return []
  }
}

/** The complete shell program of a document: its step's name, the shared part, its own part. */
export function documentScript(name: DocumentName): string {
  const step = stepOfDocument(name)
  const [shebang, ...shared] = script('common').split('\n')
  return `${[shebang, `step=${step}`, ...shared, script('host'), ...partsOf(name), script(step)].join('\n')}\n`
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
export function documentContent(name: DocumentName): CommandDocument {
  return {
    schemaVersion: '2.2',
    description: `Drydock: ${descriptions[name]}`,
    parameters: { ...identifiers, packages: packageList },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'runStep',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { timeoutSeconds: '3600', runCommand: documentScript(name).trimEnd().split('\n') },
      },
    ],
  }
}
