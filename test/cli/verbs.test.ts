import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { codeOf } from '../../cli/commands/changes.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { drydock } from '../../cli/main.ts'
import { reasonOf } from '../../cli/reason.ts'
import { ChangeState } from '../../functions/changes/change.ts'
import { runVerb } from './run-verb.ts'

const wordsOf = (verb: Command): string[] => (verb.parent ? [...wordsOf(verb.parent), verb.name()] : [])
const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
const leaves = leavesOf(drydock()).map((verb) => ({ words: wordsOf(verb), verb }))

afterEach(() => vi.unstubAllEnvs())

/** No local cloud, no region, no credentials, whatever this machine has. */
function withoutAws() {
  for (const name of ['DRYDOCK_TABLE', 'AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('DRYDOCK_SESSION', '/no/such/session')
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
}

describe('10.3 every verb of the command', () => {
  it('is there as the issue names it', () => {
    const names = drydock().commands.map((command) => command.name())
    for (const name of 'start doctor findings catalogue plan changes approve stop replay evidence'.split(' '))
      expect(names).toContain(name)
  })

  it.each(leaves.map(({ words }) => words.join(' ')))('%s has help with an example of itself', async (line) => {
    const { status, stdout, stderr } = await runVerb(...line.split(' '), '--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Example: drydock ${line}`)
  })

  it.each(leaves)('$words has --json', ({ verb }) => {
    expect(verb.options.map(({ long }) => long)).toContain('--json')
  })

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await runVerb('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('documents every exit code in the guide and in its help', async () => {
    const guide = readFileSync('docs/guides/cli.md', 'utf8')
    const { stdout } = await runVerb('--help')
    for (const code of Object.values(exitCodes)) {
      expect(guide).toMatch(new RegExp(`^\\| ${code} \\| \\w`, 'm'))
      expect(stdout.replaceAll('\n', ' ')).toMatch(new RegExp(`Exit codes:.*\\b${code} \\w`))
    }
  })
})

describe('10.3 a command line that is wrong', () => {
  it.each([
    [['findngs'], 'Did you mean findings?'],
    [['findings', 'lst'], 'Did you mean list?'],
    [['catalogue', 'chek'], 'Did you mean check?'],
    [['changes', 'relaese', 'X'], 'Did you mean release?'],
    [['evidence', 'verfy', 'x'], 'Did you mean verify?'],
    [['findings', 'zzz'], 'It has import, list.'],
    [['changes', '--jsn'], 'Did you mean --json?'],
    [['stop', '--because', 'x', '--as', 'y'], 'name a change or say --all, not both'],
    [['stop', 'X', '--all', '--because', 'x', '--as', 'y'], 'name a change or say --all, not both'],
    [['stop', '--all'], "required option '--because"],
    [['approve', 'https://console.example/approve', '--code', 'x'], 'copy all of it'],
    [['catalogue', 'check', '/no/such', '/no/such'], '/no/such: no such file or directory'],
    [['catalogue', 'check', '/', '/'], 'is a directory'],
    [['evidence', 'verify', '/no/such', '--key', '/no/such'], '/no/such: no such file or directory'],
  ])('%j ends with 64, says why on stderr and nothing on stdout', async (words, text) => {
    const { status, stdout, stderr } = await runVerb(...words)
    expect([status, stdout]).toEqual([64, ''])
    expect(stderr).toContain(text)
    expect(stderr).not.toMatch(/ {4}at /)
  })

  it.each([[['changes']], [['findings']], [['plan', 'X']], [['replay', 'X']], [['evidence', 'key']], [['catalogue']]])(
    '%j without AWS ends with 1, one sentence and no stack',
    async (words) => {
      withoutAws()
      const { status, stdout, stderr } = await runVerb(...words)
      expect([status, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(/^DD2301: no local cloud is running .*no AWS region: set AWS_REGION\n$/)
    },
  )

  it('says that there are no credentials, where only those are missing', async () => {
    withoutAws()
    vi.stubEnv('AWS_REGION', 'eu-central-1')
    expect((await runVerb('changes')).stderr).toContain('no AWS credentials: sign in')
  })

  it('checks files without AWS, and tells problems by line as JSON too', async () => {
    withoutAws()
    const { status, stdout } = await runVerb('catalogue', 'check', 'package.json', 'policy/policy.yaml', '--json')
    expect(status).toBe(exitCodes.policy)
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      isRight: false,
      problems: expect.arrayContaining([expect.objectContaining({ file: 'package.json', line: 2 })]),
    })
  })
})

describe('10.3 the exit code of a change', () => {
  const ended = { closed: 0, rejected: 4, expired: 4, 'rolled-back': 5, cancelled: 3, superseded: 3, held: 6 }

  it.each(ChangeState.options)('%s', (state) => {
    expect(codeOf({ state })).toBe(new Map<string, number>(Object.entries(ended)).get(state) ?? exitCodes.pending)
  })
})

describe('10.3 reasonOf', () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name })

  it.each([
    [named('CredentialsProviderError', 'Could not load'), 'no AWS credentials'],
    [named('ExpiredTokenException', 'The security token included in the request is expired'), 'has expired'],
    [named('AccessDenied', 'User x is not authorized'), 'is not allowed to do this (User x is not authorized)'],
    [new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') }), 'connect ECONNREFUSED'],
    [new TypeError('fetch failed', { cause: new AggregateError([new Error('getaddrinfo')]) }), 'getaddrinfo'],
    [named('ValidationError', 'Stack with id X does not exist'), 'Stack with id X does not exist'],
    ['thrown text', 'thrown text'],
  ])('%s', (error, text) => {
    expect(reasonOf(error)).toContain(text)
  })
})
