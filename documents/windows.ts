/** Drydock-InstallWindows: AWS-RunPatchBaseline with exactly the patches of an override list that lies in our bucket. */
import { readFileSync } from 'node:fs'
import { DrydockError } from '../functions/kit/errors.ts'
import type { CommandDocument, DocumentStep } from './index.ts'
import { identifiers, overrideKey, overrideSha256 } from './parameters.ts'

export const windowsDocumentName = 'Drydock-InstallWindows'

const listDirectory = 'C:\\ProgramData\\Drydock\\overrides'
const bucketName = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/
const regionName = /^[a-z]{2}(-[a-z]+)+-\d$/

const domainOf = (region: string) => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com')

const script = (name: string) =>
  readFileSync(new URL(`scripts/${name}.ps1`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')

const onWindows = (name: string, action: string, inputs: DocumentStep['inputs']): DocumentStep => ({
  action,
  name,
  precondition: { StringEquals: ['platformType', 'Windows'] },
  inputs,
})

/**
 * The document for one region's bucket of override lists.
 *
 * An override list is code by reference, so its place is fixed here, its key is its SHA-256, and the host compares the
 * two before the baseline runs. B42.
 *
 * @throws DrydockError DD2401 when the bucket's or the region's name is none.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-aws-runpatchbaseline.html
 */
export function windowsInstallContent(bucket: string, region: string): CommandDocument {
  if (!bucketName.test(bucket) || !regionName.test(region))
    throw new DrydockError(
      'DD2401',
      `override lists would come from bucket "${bucket}" in "${region}": give the name of our own bucket and its region`,
    )
  return {
    schemaVersion: '2.2',
    description: 'Drydock: installs the patches of an override list on Windows; never reboots.',
    parameters: { ...identifiers, overrideKey, overrideSha256 },
    mainSteps: [
      onWindows('fetchList', 'aws:downloadContent', {
        sourceType: 'S3',
        sourceInfo: JSON.stringify({ path: `https://${bucket}.s3.${region}.${domainOf(region)}/{{ overrideKey }}` }),
        destinationPath: listDirectory,
        onFailure: 'exit',
      }),
      onWindows('compareList', 'aws:runPowerShellScript', {
        timeoutSeconds: '60',
        runCommand: script('compare-list'),
        onFailure: 'exit',
      }),
      onWindows('patch', 'aws:runDocument', {
        documentType: 'SSMDocument',
        documentPath: 'AWS-RunPatchBaseline',
        documentParameters: {
          Operation: 'Install',
          RebootOption: 'NoReboot',
          InstallOverrideList: `s3://${bucket}/{{ overrideKey }}`,
        },
      }),
      onWindows('run', 'aws:runPowerShellScript', { timeoutSeconds: '120', runCommand: script('report-windows') }),
    ],
  }
}
