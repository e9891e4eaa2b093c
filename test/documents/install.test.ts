import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { documentNames } from '../../documents/index.ts'
import { parseResult } from '../../functions/rollout/invocation-outcome.ts'
import { StepName } from '../../functions/rollout/ring.ts'
import { anyChangeId, Host, type Manager, nextIntentId } from './host.ts'

const hosts: Host[] = []
const anyHost = (manager: Manager = 'apt', packages: Readonly<Record<string, string>> = { snapd: '2.63' }) => {
  const host = new Host(manager, packages)
  hosts.push(host)
  return host
}
afterEach(() => {
  for (const host of hosts.splice(0)) host.remove()
})

const fix = 'snapd=2.63+22.04ubuntu0.1'
const _rpmFix = 'curl=8.5.0-1.amzn2023.0.4'
const families: readonly (readonly [Manager, string])[] = [
  ['apt', 'snapd'],
  ['dnf', 'snapd'],
  ['yum', 'snapd'],
  ['zypper', 'snapd'],
]

describe('5.1 every document', () => {
  it.each(documentNames)('%s prints one result document that the rollout understands', async (name) => {
    const host = anyHost()
    const intentId = nextIntentId()
    let run = await host.run(name, { packages: fix, intentId })
    if (name === 'Drydock-Reboot') {
      host.write('boot-id', 'boot-2')
      run = await host.run(name, { packages: fix, intentId })
    }
    const step = StepName.parse(run.result().step)
    expect(parseResult(run.stdout, step)).toMatchObject({ changeId: anyChangeId, ok: true, exitCode: 0 })
  })

  it.each(documentNames)('F33 %s does nothing under an agent that sets no parameters', async (name) => {
    const host = anyHost()
    const run = await host.runWith(name, {})
    expect(run.code).toBe(1)
    expect(run.result()).toMatchObject({ ok: false, reason: 'parameters-missing' })
    expect(host.calls().filter((call) => call.startsWith('apt-get'))).toEqual([])
  })

  it.each(['foo=1;id', 'foo=$(id)', '--x=1', 'foo', 'foo=1-', 'a=1 b', 'a=1 '.repeat(201).trim()])(
    'B1 Drydock-Install refuses %j even when the pattern did not',
    async (packages) => {
      const host = anyHost()
      expect((await host.run('Drydock-Install', { packages })).result()).toMatchObject({ reason: 'bad-packages' })
      expect(host.calls().filter((call) => call.startsWith('apt-get'))).toEqual([])
    },
  )

  it('keeps its state from other users', async () => {
    const host = anyHost()
    await host.run('Drydock-Precheck')
    expect(statSync(join(host.directory, 'state')).mode & 0o077).toBe(0)
  })
})

describe('5.1 Drydock-Install', () => {
  it.each(families)('%s installs the exact version', async (manager, name) => {
    const host = anyHost(manager, { [name]: '2.63' })
    const run = await host.run('Drydock-Install', { packages: `${name}=2.64-1` })
    expect(run.result()).toMatchObject({ step: 'install', ok: true, installed: { [name]: '2.64-1' } })
    expect(run.code).toBe(0)
    expect(host.installed(name)).toBe('2.64-1')
  })

  it('passes apt the version and forbids everything else', async () => {
    const host = anyHost()
    await host.run('Drydock-Install', { packages: fix })
    const call = host.calls().find((one) => one.startsWith('apt-get') && one.includes('install'))
    expect(call).toContain('--only-upgrade')
    expect(call).toContain('Pattern-Only=true')
    expect(call?.endsWith(`install ${fix}`)).toBe(true)
  })

  it('passes an epoch on as the package managers write it', async () => {
    const host = anyHost('dnf', { bind: '32:9.11.4-26.el9' })
    await host.run('Drydock-Install', { packages: 'bind=32:9.16.23-1.el9' })
    expect(host.calls().some((call) => /^dnf -y .*install bind-32:9\.16\.23-1\.el9$/.test(call))).toBe(true)
    expect(host.installed('bind')).toBe('32:9.16.23-1.el9')
  })

  it('does nothing where the version is there already, and nothing for a package that is not', async () => {
    const host = anyHost('apt', { snapd: '2.63+22.04ubuntu0.1' })
    const run = await host.run('Drydock-Install', { packages: `${fix} nginx=1.18-1` })
    expect(host.calls().some((call) => call.startsWith('apt-get'))).toBe(false)
    expect(run.result()).toMatchObject({ ok: true, installed: { snapd: '2.63+22.04ubuntu0.1' } })
    expect(host.installed('nginx')).toBeUndefined()
  })

  it('F28 says no when the package manager says yes and nothing changed', async () => {
    const host = anyHost()
    host.write('lie', '')
    const run = await host.run('Drydock-Install', { packages: fix })
    expect(run.result()).toMatchObject({ ok: false, reason: 'version-not-reached', installed: { snapd: '2.63' } })
  })

  it('5.7 says that a reboot is needed and does not reboot', async () => {
    const host = anyHost()
    host.write('run/reboot-required', '')
    const run = await host.run('Drydock-Install', { packages: fix })
    expect(run.result()).toMatchObject({ rebootRequired: true, rebootPending: true })
    expect(run.code).toBe(0)
  })

  it('sees a newer kernel on the disk than the one that runs', async () => {
    const host = anyHost()
    host.write('boot/vmlinuz-6.8.0-1016-aws', '')
    const run = await host.run('Drydock-Install', { packages: fix })
    expect(run.result()).toMatchObject({ runningKernel: '6.8.0-1015-aws', installedKernel: '6.8.0-1016-aws' })
    expect(run.result().rebootRequired).toBe(true)
  })

  it.each<[string, string, string]>([
    ['install', 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7', 'package-manager-locked'],
    ['install', 'E: Failed to fetch x  No space left on device', 'disk-full'],
    ['install', "E: Version '2.63' for 'snapd' was not found", 'version-not-found'],
    ['install', 'The following packages have unmet dependencies:', 'dependency-check'],
    ['install', 'Segmentation fault "quoted" \\ back', 'package-manager-failed'],
  ])('5.4 names why apt-get %s failed: %s', async (when, talk, reason) => {
    const host = anyHost()
    host.write(`fail-${when}`, talk)
    const run = await host.run('Drydock-Install', { packages: fix })
    expect(run.result()).toMatchObject({ ok: false, exitCode: 100, reason })
    expect(run.code).toBe(100)
    expect(run.stderr).toContain(talk)
  })

  it('goes on past a source that does not answer, when the version is to hand', async () => {
    const host = anyHost()
    host.write('fail-update', 'E: Failed to fetch http://x  Temporary failure resolving x')
    expect((await host.run('Drydock-Install', { packages: fix })).result()).toMatchObject({ ok: true })
  })

  it('5.4 blames the source, not the version, when lists could not be fetched', async () => {
    const host = anyHost()
    host.write('fail-update', 'E: Failed to fetch http://x  Temporary failure resolving x')
    host.write('fail-install', "E: Version '2.63' for 'snapd' was not found")
    expect((await host.run('Drydock-Install', { packages: fix })).result()).toMatchObject({ reason: 'mirror-error' })
  })

  it.each(families)('%s leaves a host alone that has a newer version, and says so', async (manager, name) => {
    const host = anyHost(manager, { [name]: '2.65-1' })
    const run = await host.run('Drydock-Install', { packages: `${name}=2.64-1` })
    expect(run.result()).toMatchObject({ ok: true, versions: { asked: 1, newer: 1, older: 0 } })
    expect(host.installed(name)).toBe('2.65-1')
    expect(host.calls().filter((call) => / install /.test(call))).toEqual([])
  })

  it('fits what SSM shows for 200 packages with the longest names, with the digest of the whole', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `${String(at).padStart(3, '0')}${'p'.repeat(125)}`)
    const host = anyHost('apt', Object.fromEntries(names.map((name) => [name, '1.0'])))
    const packages = names.map((name) => `${name}=${'2'.repeat(128)}`).join(' ')
    const run = await host.run('Drydock-Verify', { packages })
    const [first = '', whole = ''] = run.stdout.split('\n')
    expect(first.length).toBeLessThanOrEqual(2_500)
    expect(JSON.parse(first)).toMatchObject({
      versions: { asked: 200, older: 200 },
      wholeSha256: createHash('sha256').update(`${whole}\n`).digest('hex'),
    })
    expect(Object.keys(JSON.parse(whole).installed)).toHaveLength(200)
    expect(parseResult(run.stdout.slice(0, 2_500), 'verify')).toMatchObject({ step: 'verify' })
  })

  it('takes a reboot hint of zypper for success', async () => {
    const host = anyHost('zypper', { curl: '8.0-1' })
    host.program(
      'zypper',
      `${'case "$*" in *needs-rebooting*) exit 102 ;; *) printf 8.1-1 >"$STUB/db/curl"; exit 102 ;; esac'}\n`,
    )
    const run = await host.run('Drydock-Install', { packages: 'curl=8.1-1' })
    expect(run.result()).toMatchObject({ ok: true, rebootRequired: true })
  })

  it('refuses a host without a package manager that it knows', async () => {
    const run = await anyHost('none').run('Drydock-Install', { packages: fix })
    expect(run.result()).toMatchObject({ ok: false, exitCode: 146, reason: 'unsupported-platform' })
  })

  it('I1 a second delivery prints the first result and changes nothing', async () => {
    const host = anyHost()
    const intentId = nextIntentId()
    const first = await host.run('Drydock-Install', { packages: fix, intentId })
    const calls = host.calls().length
    host.write('db/snapd', '9.9')
    const second = await host.run('Drydock-Install', { packages: fix, intentId })
    expect(second.stdout).toBe(first.stdout)
    expect(second.code).toBe(0)
    expect(host.calls().slice(calls)).toEqual([])
  })

  it('I1 a second delivery of a failure fails again', async () => {
    const host = anyHost()
    host.write('fail-install', 'E: broken')
    const intentId = nextIntentId()
    const first = await host.run('Drydock-Install', { packages: fix, intentId })
    const second = await host.run('Drydock-Install', { packages: fix, intentId })
    expect([second.code, second.stdout]).toEqual([100, first.stdout])
  })

  it('F32 two deliveries at once install once', async () => {
    const host = anyHost()
    host.write('slow', '0.5')
    const intentId = nextIntentId()
    const runs = await Promise.all([
      host.run('Drydock-Install', { packages: fix, intentId }),
      host.run('Drydock-Install', { packages: fix, intentId }),
    ])
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(runs[0]?.stdout).toBe(runs[1]?.stdout)
    expect(host.calls().filter((call) => call.endsWith(`install ${fix}`) && !call.includes(' -s '))).toHaveLength(1)
  })

  it('F32 a run that finds another at work gives up as busy, and may try again', async () => {
    const host = anyHost()
    host.write('slow', '1.5')
    const first = host.run('Drydock-Install', { packages: fix })
    while (!host.calls().some((call) => call.endsWith(`install ${fix}`)))
      await new Promise((done) => setTimeout(done, 20))
    const parameters = { SSM_changeId: anyChangeId, SSM_intentId: nextIntentId(), SSM_packages: fix }
    const second = await host.runWith('Drydock-Verify', { ...parameters, DRYDOCK_LOCK_SECONDS: '0' })
    expect(second.result()).toMatchObject({ ok: false, reason: 'busy' })
    await first
    expect((await host.runWith('Drydock-Verify', parameters)).result()).toMatchObject({ ok: true })
  })

  it('I1 an install that was cut off is not begun again', async () => {
    const host = anyHost()
    const intentId = nextIntentId()
    await host.run('Drydock-Precheck')
    host.write(`state/results/${intentId}.install.json.started`, '')
    const run = await host.run('Drydock-Install', { packages: fix, intentId })
    expect(run.result()).toMatchObject({ ok: false, reason: 'interrupted', installed: { snapd: '2.63' } })
    expect(host.calls().some((call) => call.startsWith('apt-get'))).toBe(false)
  })

  it('a service that a package starts does not keep our lock', async () => {
    const host = anyHost()
    host.program(
      'apt-get',
      'case "$*" in *install*) printf "2.63+22.04ubuntu0.1" >"$STUB/db/snapd"; sleep 5 >/dev/null 2>&1 & ;; esac\n',
    )
    await host.run('Drydock-Install', { packages: fix })
    const parameters = { SSM_changeId: anyChangeId, SSM_intentId: nextIntentId(), SSM_packages: fix }
    const verify = await host.runWith('Drydock-Verify', { ...parameters, DRYDOCK_LOCK_SECONDS: '0' })
    expect(verify.result()).toMatchObject({ ok: true })
  })
})

describe('7.2 several packages at once', () => {
  it.each(families)('%s orders each of them', async (manager) => {
    const host = anyHost(manager, { one: '1:1.0-1', two: '2.0-1' })
    const run = await host.run('Drydock-Verify', { packages: 'one=1:1.1-1 two=1.0-1' })
    expect(run.result().versions).toMatchObject({ asked: 2, older: 1, newer: 1, unknown: 0 })
  })

  it.each(families)('%s: a rollback without a restore point touches no configuration', async (manager, name) => {
    const host = anyHost(manager, { [name]: '1.0-1' })
    await host.run('Drydock-Install', { packages: `${name}=1.1-1` })
    host.write('etc/mine', 'mine')
    await host.run('Drydock-Rollback', { packages: `${name}=1.0-1` })
    expect(host.files('etc')).toEqual(['hosts', 'mine'])
  })
})
