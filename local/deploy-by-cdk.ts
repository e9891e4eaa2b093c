/** Deploys the CDK app on the emulator with the CDK CLI, as a user deploys it to AWS. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { localAccount, localRegion } from '../simulator/local-account.ts'
import { projectRoot, runProgram, workDirectory } from '../tools/processes.ts'
import { appEnvironment, contextOf, stepMsMax } from './assembly.ts'
import { type Deploy, HubOutputs, hubStackName } from './deploy.ts'
import { emulatorEnvironment } from './emulator.ts'

const cdkCli = join(projectRoot, 'node_modules', 'aws-cdk', 'bin', 'cdk')

/**
 * Bootstraps the account, synthesizes and deploys the hub; returns its outputs.
 *
 * @throws DrydockError DD2420 when the CLI fails.
 */
export const deployByCdk: Deploy = async ({ endpoint }, addresses, spokes) => {
  mkdirSync(workDirectory, { recursive: true })
  // Of its own: the CLI refuses a directory that another one reads.
  const assembly = mkdtempSync(join(workDirectory, 'cdk-'))
  const outputsFile = join(assembly, 'outputs.json')
  const cdk = (logName: string, ...words: readonly string[]) =>
    runProgram(
      {
        command: process.execPath,
        arguments: [cdkCli, ...words, '--no-notices', '--no-version-reporting', '--ci'],
        environment: {
          ...emulatorEnvironment(endpoint),
          ...appEnvironment,
          // The CLI runs the app by the node on PATH, which may be older than the one that runs us.
          PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
          CDK_DISABLE_CLI_TELEMETRY: '1',
        },
        logName,
      },
      stepMsMax,
    )
  const context = `drydock=${JSON.stringify(contextOf(addresses, spokes))}`
  await Promise.all([
    cdk('cdk-bootstrap', 'bootstrap', `aws://${localAccount}/${localRegion}`, '--app', ''),
    cdk('cdk-synth', 'synth', '--quiet', '--context', context, '--output', assembly),
  ])
  const how = ['--require-approval', 'never', '--method', 'direct', '--outputs-file', outputsFile]
  await cdk('cdk-deploy', 'deploy', hubStackName, '--app', assembly, ...how)
  const outputs = z.object({ [hubStackName]: HubOutputs }).parse(JSON.parse(readFileSync(outputsFile, 'utf8')))
  rmSync(assembly, { recursive: true, force: true })
  return outputs[hubStackName]
}
