/**
 * `drydock versions`: which version is newer, and whether an installed one contains a fix, by the rules of dpkg, RPM
 * and Windows.
 */
import { type Command, Option } from 'commander'
import * as z from 'zod'
import { compareVersions, fixStateOf, type VersionScheme } from '../../functions/inventory/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { Ended, print, printJson, table } from '../output.ts'
import { readInput } from '../read-input.ts'

const schemes = ['deb', 'rpm', 'windows'] as const
const Version = z.string().min(1).max(1000)
const Pairs = z.strictObject({
  scheme: z.enum(schemes),
  /** Installed version, fixed version. */
  pairs: z.array(z.tuple([Version, Version])),
})

interface Options {
  readonly scheme?: VersionScheme
  readonly input?: string
  readonly json: boolean
}

const words = { '-1': 'older', 0: 'same', 1: 'newer' } as const

export function addVersions(program: Command) {
  program
    .command('versions')
    .description('compare package versions')
    .command('compare [installed] [fixed]')
    .description(
      'the order of two versions, and whether the first contains the fix that the second names; needs no AWS',
    )
    .addOption(new Option('--scheme <scheme>', 'whose rules apply').choices(schemes))
    .option('--input <file>', 'many pairs as JSON, see docs/guides/decisions.md; - reads stdin')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', '\nExample: drydock versions compare --scheme deb 2.63 2.63+22.04ubuntu0.1')
    .action((installed: string | undefined, fixed: string | undefined, options: Options) => {
      const { scheme, pairs } = asked(installed, fixed, options)
      const results = pairs.map(([left, right]) => ({
        installed: left,
        fixed: right,
        order: Math.sign(compareVersions(scheme, left, right)),
        state: fixStateOf(scheme, left, right),
      }))
      if (options.json) return printJson({ scheme, results })
      const rows = results.map((one) => [one.installed, words[orderKey(one.order)], one.fixed, one.state])
      print(table(['INSTALLED', 'IS', 'THAN', 'FIX'], rows))
    })
}

const orderKey = (order: number) => (order < 0 ? '-1' : order > 0 ? 1 : 0)

function asked(installed: string | undefined, fixed: string | undefined, { scheme, input }: Options) {
  if (input !== undefined) return readInput(input, Pairs)
  if (scheme === undefined || installed === undefined || fixed === undefined)
    throw new Ended(exitCodes.usage, 'name a scheme and two versions, or give --input FILE')
  return { scheme, pairs: [[installed, fixed]] as const }
}
