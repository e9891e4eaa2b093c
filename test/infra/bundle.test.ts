import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleHandlers, bundleOf, handlerNames } from '../../infra/bundle.ts'
import { isSource } from '../../tools/sources.ts'

const addressOf = (name: string) => pathToFileURL(join(bundleOf(name), 'index.mjs')).href

/** Runs a script in a Node of its own, as Lambda runs a bundle: nothing but Node's own loader in between. */
const answerOf = (script: string): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        DRYDOCK_ACCOUNT: '111111111111',
        DRYDOCK_TABLE: 'any',
        DRYDOCK_EVIDENCE_BUCKET: 'any',
        AWS_REGION: 'eu-central-1',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .split('\n')
      .at(-1) ?? '',
  )

describe('10.2 bundles', () => {
  beforeAll(async () => {
    await bundleHandlers()
  }, 120_000)

  it('are made of nothing that the name of their sources leaves out, so a stale one is never taken', async () => {
    const { inputs } = await bundleHandlers()
    const ours = Object.keys(inputs).filter((path) => !path.includes('node_modules/'))
    expect(ours.length).toBeGreaterThan(100)
    expect(ours.filter((path) => !isSource(path))).toEqual([])
  })

  it('load as Lambda loads them', () => {
    const addresses = JSON.stringify(handlerNames().map(addressOf))
    const kinds = answerOf(`
      const modules = await Promise.all(${addresses}.map((address) => import(address)))
      process.stdout.write(JSON.stringify(modules.map(({ handler }) => typeof handler)))`)
    expect(kinds).toEqual(handlerNames().map(() => 'function'))
  }, 60_000)

  it('check what comes in, though what nobody asks of zod is left out of them', () => {
    const issues = answerOf(`
      const { handler } = await import('${addressOf('rollout/hold-ring')}')
      const fault = await handler({ changeId: 'none', ring: 7 }, { functionName: 'any' }).catch((error) => error)
      process.stdout.write('\\n' + JSON.stringify(fault.issues.map(({ path }) => path.join('.'))))`)
    expect(issues).toEqual(['changeId', 'ring'])
  }, 60_000)
})
