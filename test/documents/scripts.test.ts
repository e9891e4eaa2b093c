import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { DocumentName } from '../../documents/index.ts'
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
const rpmFix = 'curl=8.5.0-1.amzn2023.0.4'
const families: readonly (readonly [Manager, string])[] = [
  ['apt', 'snapd'],
  ['dnf', 'snapd'],
  ['yum', 'snapd'],
  ['zypper', 'snapd'],
]

describe('5.3 Drydock-Precheck', () => {
  const reasonOf = async (host: Host, packages = fix) =>
    (await host.run('Drydock-Precheck', { packages })).result().reason

  it('passes a host in order, and tells its figures', async () => {
    const run = await anyHost().run('Drydock-Precheck', { packages: fix })
    expect(run.result()).toMatchObject({
      ok: true,
      packageManagerLocked: false,
      load1: 0.2,
      agentVersion: '3.3.2746.0',
      bootId: 'boot-1',
      rebootPending: false,
    })
  })

  it('refuses a full disk', async () => {
    const host = anyHost()
    host.program('df', 'printf "h\\nfs 1 1 1023 99%% /var\\n"')
    expect(await reasonOf(host)).toBe('disk-full')
  })

  it('refuses when the free space cannot be read', async () => {
    const host = anyHost()
    host.program('df', 'exit 1')
    expect(await reasonOf(host)).toBe('disk-full')
  })

  it('refuses while another program holds the lock of dpkg', async () => {
    const host = anyHost()
    host.write('lib/dpkg/lock-frontend', '')
    const { ino } = statSync(join(host.directory, 'lib/dpkg/lock-frontend'))
    host.write('locks', `1: POSIX  ADVISORY  WRITE 812 08:01:${ino} 0 EOF\n`)
    expect(await reasonOf(host)).toBe('package-manager-locked')
  })

  it('I20 refuses when the locks cannot be read', async () => {
    const host = anyHost()
    const run = await host.runWith('Drydock-Precheck', {
      SSM_changeId: anyChangeId,
      SSM_intentId: nextIntentId(),
      SSM_packages: fix,
      DRYDOCK_LOCKS_FILE: join(host.directory, 'no-such-file'),
    })
    expect(run.result().reason).toBe('package-manager-locked')
  })

  it('refuses a pending reboot', async () => {
    const host = anyHost()
    host.write('run/reboot-required', '')
    expect(await reasonOf(host)).toBe('reboot-pending')
  })

  it('refuses an overloaded host', async () => {
    const host = anyHost()
    host.write('load', '9999.5 1 1 1/1 1')
    expect(await reasonOf(host)).toBe('overloaded')
  })

  it('refuses a package that an administrator holds, and names it', async () => {
    const host = anyHost()
    host.write('holds', 'other\nsnapd\n')
    expect(await reasonOf(host)).toBe('package-held: snapd')
  })
})

describe('7.2 Drydock-RestorePoint', () => {
  it.each(families)('%s notes versions and whether they can still be had', async (manager, name) => {
    const host = anyHost(manager, { [name]: '2.63-1', curl: '8.0-1' })
    host.write('repo-curl', '8.1-1\n')
    const run = await host.run('Drydock-RestorePoint', { packages: `${name}=2.64-1 curl=8.1-1 absent=1` })
    expect(run.result()).toMatchObject({
      ok: true,
      installed: { [name]: '2.63-1', curl: '8.0-1' },
      // One old file that cannot be kept keeps the whole set from going back.
      available: { [name]: false, curl: false },
      unkept: ['curl'],
      kernel: '6.8.0-1015-aws',
    })
    expect(host.read(`state/restore-points/${anyChangeId}/packages`)).toContain(`${name} `)
  })

  it.each(families)('%s keeps the old file of what will be replaced', async (manager, name) => {
    const host = anyHost(manager, { [name]: '2.63-1' })
    const run = await host.run('Drydock-RestorePoint', { packages: `${name}=2.64-1` })
    expect(run.result()).toMatchObject({ available: { [name]: true }, unkept: [], rung: 'package-downgrade' })
    expect(host.files(`state/restore-points/${anyChangeId}/kept`)).toHaveLength(1)
  })

  it('7.2 lets a kernel return while the one that runs stays in /boot', async () => {
    const host = anyHost('apt', { 'linux-image-aws': '6.8.0-1015.17' })
    const packages = 'linux-image-aws=6.8.0-1016.18'
    expect((await host.run('Drydock-RestorePoint', { packages })).result().available).toEqual({
      'linux-image-aws': true,
    })
    rmSync(join(host.directory, 'boot/vmlinuz-6.8.0-1015-aws'))
    const other = await host.run('Drydock-RestorePoint', { packages })
    expect(other.result().available).toEqual({ 'linux-image-aws': false })
  })

  it('keeps the first restore point of a change', async () => {
    const host = anyHost()
    await host.run('Drydock-RestorePoint', { packages: fix })
    host.write('db/snapd', '2.63+22.04ubuntu0.1')
    await host.run('Drydock-RestorePoint', { packages: fix })
    expect(host.read(`state/restore-points/${anyChangeId}/packages`)).toBe('snapd amd64 2.63\n')
  })
})

describe('5.7 Drydock-Reboot', () => {
  it('asks the agent for the reboot, and tells both boot ids when it is back', async () => {
    const host = anyHost()
    const intentId = nextIntentId()
    const first = await host.run('Drydock-Reboot', { intentId })
    expect([first.code, first.stdout]).toEqual([194, ''])
    host.write('boot-id', 'boot-2')
    const second = await host.run('Drydock-Reboot', { intentId })
    expect(second.result()).toMatchObject({ ok: true, bootIdBefore: 'boot-1', bootId: 'boot-2' })
    const third = await host.run('Drydock-Reboot', { intentId })
    expect([third.code, third.stdout]).toEqual([0, second.stdout])
  })

  it('says no when the node was not rebooted', async () => {
    const host = anyHost()
    const intentId = nextIntentId()
    await host.run('Drydock-Reboot', { intentId })
    expect((await host.run('Drydock-Reboot', { intentId })).result()).toMatchObject({ reason: 'not-rebooted' })
  })

  it('F32 does not reboot under another program that installs', async () => {
    const host = anyHost()
    host.write('lib/dpkg/lock', '')
    const { ino } = statSync(join(host.directory, 'lib/dpkg/lock'))
    host.write('locks', `1: POSIX  ADVISORY  WRITE 812 08:01:${ino} 0 EOF\n`)
    const run = await host.run('Drydock-Reboot')
    expect(run.code).toBe(1)
    expect(run.result()).toMatchObject({ reason: 'package-manager-locked' })
  })
})

describe('11.7 Drydock-Verify', () => {
  it('tells versions, kernels, boot id, agent and services', async () => {
    const run = await anyHost().run('Drydock-Verify', { packages: fix })
    expect(run.result()).toMatchObject({
      installed: { snapd: '2.63' },
      runningKernel: '6.8.0-1015-aws',
      installedKernel: '6.8.0-1015-aws',
      rebootPending: false,
      bootId: 'boot-1',
      agentVersion: '3.3.2746.0',
      serviceHealthy: true,
      services: {},
    })
  })

  it('counts units that the patch broke, not those that were broken before', async () => {
    const host = anyHost()
    host.write('failed-units', 'old.service loaded failed failed Old\n')
    await host.run('Drydock-RestorePoint', { packages: fix })
    expect((await host.run('Drydock-Verify', { packages: fix })).result().serviceHealthy).toBe(true)
    host.write('failed-units', 'new.service loaded failed failed New\nold.service loaded failed failed Old\n')
    expect((await host.run('Drydock-Verify', { packages: fix })).result()).toMatchObject({
      serviceHealthy: false,
      services: { 'new.service': 'failed' },
    })
  })

  it.each(['fails', 'is missing'])('I20 takes the services for unhealthy when systemctl %s', async (how) => {
    const host = anyHost()
    if (how === 'fails') host.program('systemctl', 'exit 1')
    else rmSync(join(host.directory, 'bin/systemctl'))
    expect((await host.run('Drydock-Verify')).result().serviceHealthy).toBe(false)
  })
})

describe('7.4 Drydock-Collect', () => {
  it('packs state, logs and configuration, and tells the archive by hash and size', async () => {
    const host = anyHost()
    host.write('log/dpkg.log', 'upgrade snapd\n')
    host.write('snapd.conf', 'key=value\n')
    host.write('conf-snapd', ` ${join(host.directory, 'snapd.conf')} d41d8cd98f00b204e9800998ecf8427e\n`)
    const run = await host.run('Drydock-Collect', { packages: fix })
    const { archive, sha256, bytes, files } = run.result()
    const content = readFileSync(String(archive))
    const names = execFileSync('tar', ['-tzf', String(archive)], { encoding: 'utf8' })
    expect(names).toContain('dpkg.log')
    expect(names).toContain('packages.txt')
    expect(names).toContain('snapd.conf')
    expect([sha256, bytes]).toEqual([createHash('sha256').update(content).digest('hex'), content.length])
    expect(files).toBe(
      names
        .trim()
        .split('\n')
        .filter((name) => !name.endsWith('/')).length,
    )
  })

  it('hands the archive over on standard output, from where the agent puts it into the output bucket, again if asked again', async () => {
    const host = anyHost()
    const intentId = '01J0000000000000000000NTNT'
    const runs = [await host.run('Drydock-Collect', { intentId }), await host.run('Drydock-Collect', { intentId })]
    for (const run of runs) {
      const [, packed = ''] = run.stdout.split(/-----(?:BEGIN|END) DRYDOCK ARCHIVE-----/)
      const content = Buffer.from(packed, 'base64')
      expect(createHash('sha256').update(content).digest('hex')).toBe(run.result().sha256)
      expect(run.result()).toMatchObject({ ok: true, attached: true, bytes: content.length })
    }
  })

  it('I14 shows nothing of it in the 24,000 characters that SSM keeps for whoever may read commands', async () => {
    const host = anyHost()
    const { stdout } = await host.run('Drydock-Collect')
    expect(stdout.slice(0, 24_000).split('\n').slice(1).join('').trim()).toBe('')
  })

  it('keeps an archive on the host that is too large to hand over, and says so', async () => {
    const host = anyHost()
    host.write('noise', randomBytes(9_000_000).toString('base64'))
    host.write('conf-snapd', ` ${join(host.directory, 'noise')} d41d8cd98f00b204e9800998ecf8427e\n`)
    const run = await host.run('Drydock-Collect', { packages: fix })
    expect(run.result()).toMatchObject({ ok: true, attached: false })
    expect(run.stdout.trim().split('\n')).toHaveLength(1)
  })
})

describe('7.3 Drydock-Rollback', () => {
  it.each<[Manager, string]>([
    ['apt', '--allow-downgrades'],
    ['dnf', 'downgrade'],
    ['yum', 'downgrade'],
    ['zypper', '--oldpackage'],
  ])('%s returns to the version given, by %s', async (manager, flag) => {
    const host = anyHost(manager, { snapd: '2.64-1' })
    const run = await host.run('Drydock-Rollback', { packages: 'snapd=2.63-1' })
    expect(run.result()).toMatchObject({ step: 'rollback', ok: true, installed: { snapd: '2.63-1' } })
    expect(host.calls().some((call) => call.includes(flag))).toBe(true)
  })

  it('F36 tells that it failed', async () => {
    const host = anyHost('dnf', { curl: '9-1' })
    host.write('fail-install', 'No match for argument: curl-8.5.0')
    host.write('fail-code', '1')
    const run = await host.run('Drydock-Rollback', { packages: rpmFix })
    expect(run.result()).toMatchObject({ ok: false, exitCode: 1, reason: 'version-not-found' })
  })
})

describe('text on its way into a result', () => {
  const names: readonly DocumentName[] = ['Drydock-Verify', 'Drydock-Precheck']
  it.each(names)('%s stays one JSON document whatever the host says', async (name) => {
    const host = anyHost()
    host.write('boot-id', 'a"b\\c\n\u0001\u00e9\t{"x":1}')
    host.program('uname', 'printf \'6.8 "quoted" \\\\ end\\n\'')
    const run = await host.run(name, { packages: fix })
    expect(run.result().bootId).toBe('a"b\\c  {"x":1}')
  })
})
