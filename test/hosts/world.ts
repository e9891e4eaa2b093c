/** Real hosts without a virtual machine: overlay copies of this machine's own Debian, in a mount namespace of their own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Why no real host can be had here; undefined when it can. */
export function whyNoHosts(programs: readonly string[]): string | undefined {
  const missing = programs.filter((one) => spawnSync('sh', ['-c', `command -v ${one}`]).status !== 0)
  if (missing.length > 0) return `${missing.join(', ')} missing`
  const probe = spawnSync('unshare', ['-m', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'])
  return probe.status === 0 ? undefined : `no mounts: ${String(probe.stderr).trim() || 'root is needed'}`
}

/** Runs a program to its end, with what it should read. */
export async function ran(command: string, args: readonly string[], input = ''): Promise<Ran> {
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code: Number(code ?? 137), stdout, stderr }
}

/** A mount namespace that holds every root of a test file; all of it is gone when it is closed. */
export class World {
  private readonly keeper: ChildProcess

  private constructor(keeper: ChildProcess) {
    this.keeper = keeper
  }

  static async open(): Promise<World> {
    const keeper = spawn(
      'unshare',
      ['-m', '--propagation', 'private', 'sh', '-c', 'mount -t tmpfs -o size=75% tmpfs /mnt && echo ready && exec cat'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    await once(keeper.stdout ?? keeper, 'data')
    return new World(keeper)
  }

  /** Runs a shell program in the namespace. */
  async shell(program: string): Promise<Ran> {
    return await ran('nsenter', ['-t', String(this.keeper.pid), '-m', 'bash', '-euc', program])
  }

  /** The same; throws when it fails. */
  async must(program: string): Promise<string> {
    const { code, stdout, stderr } = await this.shell(program)
    if (code !== 0) throw new Error(`ended with ${code}: ${program.slice(0, 300)}\n${stderr.slice(-2_000)}`)
    return stdout
  }

  /** Mounts a new root over the layers named, under a name of its own; the machine's own system is the lowest. */
  async mount(name: string, layers: readonly string[] = []): Promise<Root> {
    const lower = [...layers.map((one) => `/mnt/${one}/upper`), '/'].join(':')
    const at = `/mnt/${name}/root`
    await this.must(`mkdir -p /mnt/${name}/{upper,work,root}
mount -t overlay overlay -o lowerdir=${lower},upperdir=/mnt/${name}/upper,workdir=/mnt/${name}/work ${at}
mount -t proc proc ${at}/proc; mount --rbind /dev ${at}/dev; mount -t tmpfs tmpfs ${at}/run; mount -t tmpfs tmpfs ${at}/tmp
mount -t tmpfs tmpfs ${at}/work 2>/dev/null || true
mkdir -p ${at}/run/lock`)
    return new Root(this, name, at, this.keeper.pid ?? 0)
  }

  async unmount(name: string) {
    await this.shell(`umount -Rl /mnt/${name}/root; rm -rf /mnt/${name}`)
  }

  async close() {
    this.keeper.stdin?.end()
    if (this.keeper.exitCode === null) await once(this.keeper, 'close')
  }
}

/** One root file system with programs that run in it. */
export class Root {
  private readonly world: World
  readonly name: string
  readonly at: string
  private readonly keeperId: number

  constructor(world: World, name: string, at: string, keeperId: number) {
    this.world = world
    this.name = name
    this.at = at
    this.keeperId = keeperId
  }

  async shell(program: string, environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const given = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
    const inside = ['env', '-i', path, 'HOME=/root', 'LANG=de_DE.UTF-8', 'LC_ALL=de_DE.UTF-8', ...given]
    return await ran('nsenter', [
      '-t',
      String(this.keeperId),
      '-m',
      'chroot',
      this.at,
      ...inside,
      'bash',
      '-c',
      program,
    ])
  }

  async must(program: string): Promise<string> {
    const { code, stdout, stderr } = await this.shell(program)
    if (code !== 0)
      throw new Error(`ended with ${code}: ${program.slice(0, 300)}\n${stdout.slice(-1_000)}${stderr.slice(-2_000)}`)
    return stdout
  }

  async write(path: string, text: string, mode = '644') {
    await ran(
      'nsenter',
      [
        '-t',
        String(this.keeperId),
        '-m',
        'sh',
        '-c',
        `mkdir -p "$(dirname '${this.at}${path}')" && rm -f '${this.at}${path}' && cat >'${this.at}${path}' && chmod ${mode} '${this.at}${path}'`,
      ],
      text,
    )
  }

  async remove() {
    await this.world.unmount(this.name)
  }
}
