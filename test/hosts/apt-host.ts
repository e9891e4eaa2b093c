/** Debian hosts: this machine's own system under overlays, with a repository of ours. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostCase } from './contract.ts'
import { buildDebs, debIndex } from './deb.ts'
import { type PackageSpec, packageSpecs } from './packages.ts'
import { RepositoryServer } from './repository.ts'
import type { CaseHost, HostState } from './run-case.ts'
import { type Root, World } from './world.ts'

const release = (version: string) => `${version}-1`
const specs = packageSpecs(release)
const many = [...new Set(specs.map(({ name }) => name).filter((name) => name.startsWith('demo-many')))]
/** `demo-many=V` stands for the two hundred. */
const expand = (item: string): string[] =>
  item.startsWith('demo-many=') ? many.map((name) => `${name}=${release(item.slice(10))}`) : [`${item}-1`]
const is = (item: string) => (spec: PackageSpec) => `${spec.name}=${spec.version}` === item

const stubs = `set -e
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
printf '#!/bin/sh\\nexit 0\\n' >/usr/local/bin/systemctl; chmod 755 /usr/local/bin/systemctl
printf '#!/bin/sh\\necho SSM Agent version: 3.3.2746.0\\n' >/usr/local/bin/amazon-ssm-agent; chmod 755 /usr/local/bin/amazon-ssm-agent
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*proxy* /var/lib/apt/lists/* /var/lib/drydock
mkdir -p /var/lib/apt/lists/partial
echo '0.20 0.10 0.05 1/100 1' >/root/load
`

export class AptHosts {
  readonly manager = 'apt'
  private readonly world: World
  private readonly server: RepositoryServer
  private readonly directory: string
  private hasMany = false

  private constructor(world: World, server: RepositoryServer, directory: string) {
    this.world = world
    this.server = server
    this.directory = directory
  }

  static async open(): Promise<AptHosts> {
    const directory = mkdtempSync(join(tmpdir(), 'drydock-debs-'))
    const [world, server] = [await World.open(), new RepositoryServer()]
    await Promise.all([
      buildDebs(
        directory,
        specs.filter(({ name }) => !many.includes(name)),
      ),
      server.listen(),
    ])
    const base = await world.mount('base')
    await base.must(stubs)
    return new AptHosts(world, server, directory)
  }

  /** A host in the state of a case. */
  async host({ id, installed, unpublished = [] }: HostCase): Promise<CaseHost & { remove(): Promise<void> }> {
    const root = await this.world.mount(id, ['base'])
    const publish = (list: readonly PackageSpec[]) =>
      this.server.offer(id, this.directory, debIndex(this.directory, list))
    const isMany = installed.some((item) => item.startsWith('demo-many'))
    if (isMany && !this.hasMany)
      await buildDebs(
        this.directory,
        specs.filter(({ name }) => many.includes(name)),
      )
    this.hasMany ||= isMany
    const hidden = unpublished.flatMap(expand)
    let offered = specs.filter((spec) => isMany === many.includes(spec.name) && !hidden.some((item) => is(item)(spec)))
    publish(offered)
    this.server.offer(`${id}-third`, this.directory, debIndex(this.directory, []))
    const source = (name: string) => `deb [trusted=yes] ${this.server.url(name)} ./\n`
    await root.write('/etc/apt/sources.list', `${source(id)}${source(`${id}-third`)}`)
    await root.must(
      `apt-get -qq update && apt-get -qq -y --allow-downgrades install ${installed.flatMap(expand).join(' ')} >/dev/null 2>&1 && rm -f /var/cache/apt/archives/*.deb`,
    )
    return {
      root,
      state: (isWhole) => stateOf(root, isWhole),
      item: expand,
      act: async (action) => {
        if ('fault' in action)
          this.server.fail(
            action.at === 'third' ? `${id}-third` : id,
            action.fault === 'none' ? undefined : action.fault,
          )
        if ('withdraw' in action)
          offered = offered.filter((spec) => !action.withdraw.flatMap(expand).some((item) => is(item)(spec)))
        if ('publish' in action)
          offered = [
            ...offered,
            ...specs.filter((spec) => action.publish.flatMap(expand).some((item) => is(item)(spec))),
          ]
        if (!('fault' in action)) publish(offered)
      },
      remove: () => root.remove(),
    }
  }

  async close() {
    this.server.close()
    await this.world.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

const packagesNow = `dpkg-query -W -f='\${Package} \${Architecture} \${Version} \${db:Status-Abbrev}\\n'`
const configurationNow =
  "find /etc -xdev -type f ! -name ld.so.cache ! -path '/etc/.*' -exec sha256sum {} + | sort -k 2; find /etc -xdev -type l -printf '%l %p\\n' | sort"

async function stateOf(root: Root, isWhole: boolean): Promise<HostState> {
  const told = await root.must(`${packagesNow}; echo; ${isWhole ? configurationNow : ''}`)
  const [packages = '', configuration = ''] = told.split('\n\n')
  return { packages: packages.trim().split('\n'), configuration: configuration.trim().split('\n') }
}
