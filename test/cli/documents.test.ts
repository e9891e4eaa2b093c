import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { documentContent, documentScript } from '../../documents/index.ts'
import { runVerb } from './run-verb.ts'

const render = (...words: string[]) => runVerb('documents', 'render', ...words)
const Rendered = z.object({
  sha256: z.string(),
  environment: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({
      name: z.string(),
      runs: z.boolean(),
      script: z.string().optional(),
      inputs: z.record(z.string(), z.unknown()),
    }),
  ),
})

describe('5.1 drydock documents render', () => {
  it('gives the very script of the document, with its parameters as variables', async () => {
    const { status, stdout } = await render('Drydock-Install', '--package', 'a=1.0', '--package', 'b=2', '--json')
    const { environment, steps, sha256 } = Rendered.parse(JSON.parse(stdout))
    expect(status).toBe(0)
    expect(steps.map(({ name, runs, script }) => ({ name, runs, script }))).toEqual([
      { name: 'runStep', runs: true, script: documentScript('Drydock-Install') },
    ])
    expect(environment.SSM_packages).toBe('a=1.0 b=2')
    const content = JSON.stringify(documentContent('Drydock-Install'))
    expect(sha256).toBe(createHash('sha256').update(content).digest('hex'))
  })

  it('prints a program that a shell reads', async () => {
    const { stdout } = await render('Drydock-Verify', '--package', 'a=1.0')
    expect(stdout).toContain("export SSM_packages='a=1.0'")
    expect(spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })

  it('says that the agent skips a step of another platform', async () => {
    const { stdout } = await render('Drydock-Install', '--package', 'a=1.0', '--platform', 'Windows')
    expect(stdout).toContain('SSM Agent skips it on Windows')
    expect(stdout).not.toContain('apt-get')
  })

  it('fills parameters into the steps of a Windows install', async () => {
    const sha256 = 'ab'.repeat(32)
    const words = ['--package', 'KB5034127=installed', '--platform', 'Windows', '--override-sha256', sha256, '--json']
    const { stdout } = await render('Drydock-InstallWindows', ...words)
    const { steps } = Rendered.parse(JSON.parse(stdout))
    expect(steps.map(({ name, runs }) => [name, runs])).toEqual([
      ['fetchList', true],
      ['compareList', true],
      ['patchBaseline', true],
      ['runStep', true],
    ])
    expect(JSON.stringify(steps[2]?.inputs)).toContain(`s3://OVERRIDES-BUCKET/overrides/${sha256}.yaml`)
    expect(stdout).not.toContain('{{')
  })

  it.each([
    ['a document that is not there', ['Drydock-Nothing'], 'there is no document'],
    ['a package that the pattern refuses', ['Drydock-Install', '--package', 'a=1;id'], 'SSM would refuse'],
    ['a change that is no ULID', ['Drydock-Install', '--change', 'x'], 'changeId'],
  ])('refuses %s, and exits 64', async (_, words, said) => {
    const { status, stderr, stdout } = await render(...words)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain(said)
  })
})
