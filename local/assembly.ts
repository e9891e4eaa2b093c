/** The cloud assembly of the local hub: synthesized once for the same sources, with its addresses filled in later. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { localAccount, localRegion } from '../simulator/local-account.ts'
import { madeOnce } from '../tools/made-once.ts'
import { compileCache, projectRoot, runProgram, workDirectory } from '../tools/processes.ts'
import { sourcesName } from '../tools/sources.ts'

/** Each step of a synthesis takes seconds; on a machine that does much else it may take minutes, and is no fault then. */
export const stepMsMax = 900_000

/** Where the hub of the local cloud finds what is simulated, and is found. */
export interface LocalAddresses {
  readonly ssmEndpoint: string
  readonly consoleUrl: string
  readonly feeds: { readonly kev: string; readonly epss: string; readonly vulnrichment: string }
}

/** The accounts of the fleet besides the hub's. */
export type Spokes = readonly { readonly account: string; readonly region: string; readonly externalId: string }[]

/** The context `drydock` of the local hub. */
export const contextOf = (addresses: LocalAddresses, spokes: Spokes) => ({
  target: 'local',
  region: localRegion,
  organizationId: 'o-localcloud00',
  retention: { mode: 'governance', days: 1 },
  // The emulator's KMS has no ML-DSA keys: checkpoints of the local cloud carry the Ed25519 signature alone.
  evidence: { postQuantum: false },
  mailSender: 'drydock@example.com',
  alarmEmail: 'operations@example.com',
  consoleSignIn: { kind: 'iam' },
  ...addresses,
  spokes,
})

/** Stand for the addresses, which are other ports each time; RFC 2606 keeps the domain from being anybody's. */
export const placeholders: LocalAddresses = {
  ssmEndpoint: 'http://ssm.drydock.invalid',
  consoleUrl: 'http://console.drydock.invalid',
  feeds: {
    kev: 'http://kev.drydock.invalid',
    epss: 'http://epss.drydock.invalid',
    vulnrichment: 'http://vulnrichment.drydock.invalid',
  },
}

/** The template with the addresses in place of what stood for them. */
export function withAddresses(template: string, { feeds, ...addresses }: LocalAddresses): string {
  const { feeds: feedPlaceholders, ...others } = placeholders
  const pairs = [
    [others.ssmEndpoint, addresses.ssmEndpoint],
    [others.consoleUrl, addresses.consoleUrl],
    [feedPlaceholders.kev, feeds.kev],
    [feedPlaceholders.epss, feeds.epss],
    [feedPlaceholders.vulnrichment, feeds.vulnrichment],
  ] as const
  return pairs.reduce((text, [placeholder, address]) => text.replaceAll(placeholder, address), template)
}

/** The environment in which the CDK app is run for the local account. */
export const appEnvironment = {
  CDK_DEFAULT_ACCOUNT: localAccount,
  CDK_DEFAULT_REGION: localRegion,
}

/**
 * The directory of the assembly, of which `withAddresses` makes a template to deploy.
 *
 * @throws DrydockError DD2420 when the app fails.
 */
export function localAssembly(spokes: Spokes): Promise<string> {
  const { context } = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8'))
  const ours = JSON.stringify({ ...context, drydock: contextOf(placeholders, spokes) })
  return madeOnce(join(workDirectory, 'assemblies', sourcesName(ours)), (directory) =>
    runProgram(
      {
        command: process.execPath,
        arguments: ['infra/app.ts'],
        environment: {
          ...appEnvironment,
          NODE_COMPILE_CACHE: compileCache,
          CDK_OUTDIR: directory,
          CDK_CONTEXT_JSON: ours,
          // The rules that CDK brings along take as long as all the rest; the tests of the stacks ask them, and rule packs beside.
          CDK_VALIDATION: 'false',
        },
        logName: 'cdk-app',
      },
      stepMsMax,
    ),
  )
}
