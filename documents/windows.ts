/**
 * The SSM Command documents for Windows nodes: one for each step, with their own names; no document removes an update.
 */
import { readFileSync } from 'node:fs'
import type { CommandDocument, DocumentStep } from './index.ts'
import { identifiers, overrideKey, overrideSha256, updateList } from './parameters.ts'

const descriptions = {
  'Drydock-PrecheckWindows': 'Checks disk, update service, installer lock and pending reboot before a patch.',
  'Drydock-RestorePointWindows':
    'Records build, updates and failed services; reports that none of them can be restored.',
  'Drydock-InstallWindows': 'Installs the patches of an override list; never reboots.',
  'Drydock-RebootWindows': 'Reboots once and reports when Windows started.',
  'Drydock-VerifyWindows': 'Reads back updates, build, pending reboot, start, agent and failed services.',
  'Drydock-CollectWindows': 'Keeps event logs, servicing log and update list for people.',
}
export const windowsDocumentNames: readonly string[] = Object.keys(descriptions)

/** Where the override lists of plans are: a write-once bucket, and its region. */
export interface OverrideListPlace {
  readonly bucket: string
  readonly region: string
}

/** Ends in a separator: otherwise the agent takes a missing directory for a file name. */
const listDirectory = 'C:\\Program Files\\Drydock\\overrides\\'

const script = (name: string) => readFileSync(new URL(`scripts/windows/${name}.ps1`, import.meta.url), 'utf8').trimEnd()

const onWindows = (name: string, action: string, inputs: DocumentStep['inputs']): DocumentStep => ({
  action,
  name,
  precondition: { StringEquals: ['platformType', 'Windows'] },
  inputs,
})

const powerShell = (name: string, text: string, more: DocumentStep['inputs'] = {}) =>
  onWindows(name, 'aws:runPowerShellScript', { timeoutSeconds: '3600', runCommand: text.split('\n'), ...more })

const domainOf = (region: string) => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com')

/** `Drydock-RestorePointWindows` -> `restore-point` */
const stepOf = (name: string) =>
  name
    .replace(/^Drydock-|Windows$/g, '')
    .replace(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase()

/**
 * Fetches the list, compares it, and has the patch baseline install exactly its entries.
 *
 * An override list is code by reference, so its bucket is fixed here, its key is its SHA-256, and the host compares the
 * two before the baseline runs. B42.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-aws-runpatchbaseline.html
 */
const installSteps = ({ bucket, region }: OverrideListPlace): readonly DocumentStep[] => [
  onWindows('fetchList', 'aws:downloadContent', {
    sourceType: 'S3',
    sourceInfo: JSON.stringify({ path: `https://${bucket}.s3.${region}.${domainOf(region)}/{{ overrideKey }}` }),
    destinationPath: listDirectory,
    onFailure: 'exit',
  }),
  powerShell('compareList', script('compare-list'), { onFailure: 'exit' }),
  onWindows('patchBaseline', 'aws:runDocument', {
    documentType: 'SSMDocument',
    documentPath: 'AWS-RunPatchBaseline',
    documentParameters: {
      Operation: 'Install',
      RebootOption: 'NoReboot',
      InstallOverrideList: `s3://${bucket}/{{ overrideKey }}`,
    },
  }),
]

function contentOf(name: string, description: string, place: OverrideListPlace): CommandDocument {
  const step = stepOf(name)
  const isInstall = name === 'Drydock-InstallWindows'
  return {
    schemaVersion: '2.2',
    description: `Drydock: ${description}`,
    parameters: { ...identifiers, packages: updateList, ...(isInstall ? { overrideKey, overrideSha256 } : {}) },
    mainSteps: [
      ...(isInstall ? installSteps(place) : []),
      powerShell('runStep', [`$step = '${step}'`, script('common'), script(step)].join('\n')),
    ],
  }
}

/** Every Windows document by name, for the one place from which they may read override lists. */
export const windowsDocuments = (place: OverrideListPlace): Readonly<Record<string, CommandDocument>> =>
  Object.fromEntries(
    Object.entries(descriptions).map(([name, description]) => [name, contentOf(name, description, place)]),
  )
