/** The SSM Command documents, assembled from their shell scripts: all that ever runs on a host. */
import { readFileSync } from 'node:fs'

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
  'Drydock-Precheck': 'Checks disk, package manager lock and pending reboot before a patch.',
  'Drydock-RestorePoint': 'Notes installed versions and whether they can still be had.',
  'Drydock-Install': 'Installs exact package versions; never reboots.',
  'Drydock-Reboot': 'Reboots once and reports the new boot id.',
  'Drydock-Verify': 'Reads back versions, kernels, pending reboot, boot id, agent and failed units.',
  'Drydock-Collect': 'Keeps logs and package state before a rollback.',
  'Drydock-Rollback': 'Returns packages to the versions of the restore point.',
}

const ulid = '^[0-9A-HJKMNP-TV-Z]{26}$'
/** One `name=version` item in the grammars of dpkg and RPM; no character that a shell would read as anything else. */
const item = '[a-zA-Z0-9][a-zA-Z0-9.+_-]{0,127}=[a-zA-Z0-9][a-zA-Z0-9.+~:^_-]{0,127}'

const text = (description: string, allowedPattern: string) =>
  ({ type: 'String', description, allowedPattern, interpolationType: 'ENV_VAR' }) as const

export interface CommandDocument {
  readonly schemaVersion: '2.2'
  readonly description: string
  readonly parameters: Readonly<
    Record<
      string,
      {
        readonly type: string
        readonly description: string
        readonly allowedPattern: string
        readonly interpolationType: string
      }
    >
  >
  readonly mainSteps: readonly {
    readonly action: string
    readonly name: string
    readonly precondition: { readonly StringEquals: readonly string[] }
    readonly inputs: { readonly runCommand: readonly string[]; readonly timeoutSeconds: string }
  }[]
}

/** `Drydock-RestorePoint` -> `restore-point` */
export const stepOfDocument = (name: DocumentName) =>
  name.replace('Drydock-', '').replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`)

const script = (name: string) => readFileSync(new URL(`scripts/${name}.sh`, import.meta.url), 'utf8')

/** The whole shell program of a document: its step's name, the shared part, its own part. */
export function documentScript(name: DocumentName): string {
  const step = stepOfDocument(name)
  const [shebang, ...shared] = script('common').split('\n')
  return [shebang, `step=${step}`, ...shared, script(step)].join('\n')
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
export function documentContent(name: DocumentName): CommandDocument {
  return {
    schemaVersion: '2.2',
    description: `Drydock: ${descriptions[name]}`,
    parameters: {
      changeId: text('The change that this belongs to.', ulid),
      intentId: text('The intent; a second delivery of it changes nothing.', ulid),
      packages: text('Packages as name=version items, separated by single blanks.', `^(${item}( ${item}){0,49})?$`),
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'run',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { timeoutSeconds: '3600', runCommand: documentScript(name).split('\n') },
      },
    ],
  }
}
