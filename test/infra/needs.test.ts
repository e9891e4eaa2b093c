import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Settings, variableOf } from '../../functions/aws/configuration.ts'
import { buildApp } from '../../infra/build-app.ts'
import { bundleHandlers } from '../../infra/bundle.ts'
import { settingsOf } from '../../infra/constructs/environment.ts'
import { type Grants, grants } from '../../infra/constructs/permissions.ts'
import { type FunctionName, type FunctionSpec, functionSpecs } from '../../infra/functions.ts'
import { config, context } from './stacks.ts'

/** What Lambda and Powertools are told beside our own settings. */
const foreign = ['AWS_REGION', 'AWS_ENDPOINT_URL', 'POWERTOOLS_SERVICE_NAME']
const names = z.array(z.custom<FunctionName>()).parse(Object.keys(functionSpecs))

/** The settings that a handler reads. */
async function readBy(name: string): Promise<readonly string[]> {
  const [room, file] = name.split('/')
  const { Configuration } = await import(`../../functions/${room}/handlers/${file}.ts`)
  return Object.keys(z.instanceof(z.ZodObject).parse(Configuration).shape)
}

describe('10.2 B45 what a function is granted and told', () => {
  let given: ReadonlyMap<string, Readonly<Record<string, unknown>>>

  beforeAll(async () => {
    await bundleHandlers()
    const hub = Template.fromStack(buildApp(new App({ context }), config, '111111111111').hub)
    given = new Map(
      Object.values(hub.findResources('AWS::Lambda::Function')).map(({ Properties }) => [
        /^Drydock (\S+)\. /.exec(Properties.Description)?.[1] ?? '',
        Properties.Environment.Variables,
      ]),
    )
  }, 120_000)

  it('a need that nobody grants does not compile', () => {
    const { commands: _, ...forgetful } = grants
    // @ts-expect-error: `commands` is not granted
    const incomplete: Grants = forgetful
    expect(Object.keys(incomplete)).not.toContain('commands')
  })

  it.each(names)('%s is told every setting that it reads', async (name) => {
    const told = Object.keys(given.get(name) ?? {})
    const wanted = (await readBy(name)).map(variableOf).filter((variable) => !foreign.includes(variable))
    expect(wanted.filter((variable) => !told.includes(variable))).toEqual([])
  })

  it.each(names)(
    '%s is told nothing that no need of it stands for, and has no need that it does not use',
    async (name) => {
      const { needs }: FunctionSpec = functionSpecs[name]
      const meant = needs.flatMap((need) => settingsOf[need]).map(variableOf)
      const told = Object.keys(given.get(name) ?? {}).filter((variable) => !foreign.includes(variable))
      expect(told.toSorted()).toEqual([...new Set(meant)].toSorted())
      const read = await readBy(name)
      const unused = needs.filter((need) => {
        const settings = settingsOf[need]
        return settings.length > 0 && !settings.some((setting) => read.includes(setting))
      })
      expect(unused).toEqual([])
    },
  )

  it('what is told where it is known at synth, a function can read', () => {
    for (const [name, variables] of given) {
      const known = Object.entries(variables).filter(
        ([variable, value]) => typeof value === 'string' && !foreign.includes(variable),
      )
      for (const [variable, value] of known) {
        const [, schema] = Object.entries(Settings.shape).find(([setting]) => variableOf(setting) === variable) ?? []
        expect(schema?.safeParse(value).success, `${name}: ${variable}`).toBe(true)
      }
    }
  })
})
