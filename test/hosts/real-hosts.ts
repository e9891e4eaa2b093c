/** Real hosts of one package manager: this machine's own system under overlays, with a repository of ours. */
import type { HostCase } from './contract.ts'
import { madeOnce, mountLayer } from './layers.ts'
import type { ManagerSetup } from './managers.ts'
import { manyNames, type PackageSpec, packageSpecs, withRelease } from './packages.ts'
import { RepositoryServer } from './repository.ts'
import type { CaseHost, HostState } from './run-case.ts'
import { type Root, World } from './world.ts'

/** `demo-many=V` stands for the two hundred. */
const expand = (item: string): string[] => {
  const [name = '', version = ''] = item.split(/=(.*)/)
  return (name === 'demo-many' ? manyNames : [name]).map((one) => `${one}=${withRelease(version)}`)
}
const is = (item: string) => (spec: PackageSpec) => `${spec.name}=${spec.version}` === item

/** Stubs of what no root has: services, an agent, a kernel and a boot of its own. */
const stubs = `set -e
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
printf '#!/bin/sh\\nexit 0\\n' >/usr/local/bin/systemctl
printf '#!/bin/sh\\necho SSM Agent version: 3.3.2746.0\\n' >/usr/local/bin/amazon-ssm-agent
printf '#!/bin/sh\\nif [ "$1" = -r ] && [ -s /root/running-kernel ]; then cat /root/running-kernel; else exec /bin/uname "$@"; fi\\n' >/usr/local/bin/uname
chmod 755 /usr/sbin/policy-rc.d /usr/local/bin/*
rm -rf /var/lib/drydock; echo '0.20 0.10 0.05 1/100 1' >/root/load; echo boot-1 >/root/boot-id
`

export class RealHosts {
  private readonly setup: ManagerSetup
  private readonly world: World
  private readonly server: RepositoryServer
  private readonly directory: string
  private readonly specs: readonly PackageSpec[]

  private constructor(setup: ManagerSetup, world: World, server: RepositoryServer, directory: string) {
    this.setup = setup
    this.world = world
    this.server = server
    this.directory = directory
    this.specs = packageSpecs(setup.manager)
  }

  static async open(setup: ManagerSetup): Promise<RealHosts> {
    const [world, server] = [await World.open(), new RepositoryServer()]
    const [base] = await Promise.all([mountLayer(world, 'base', setup.layer), server.listen()])
    await base.must(`${stubs}${setup.prepare}`)
    const specs = packageSpecs(setup.manager)
    // dnf and zypper take the same files.
    const kind = setup.manager === 'apt' ? 'deb' : 'rpm'
    const directory = await madeOnce(
      `packages-${kind}`,
      [JSON.stringify(specs), setup.build.toString()],
      async (at) => {
        await world.must(`mkdir -p ${base.at}/srv/build && mount --bind '${at}' ${base.at}/srv/build`)
        await setup.build(base, at, specs)
        await world.must(`umount ${base.at}/srv/build`)
      },
    )
    return new RealHosts(setup, world, server, directory)
  }

  /** A host in the state of a case. */
  async host({ id, installed, unpublished = [] }: HostCase): Promise<CaseHost & { remove(): Promise<void> }> {
    const { setup, server, specs, directory } = this
    const root = await this.world.mount(id, ['base'])
    const publish = (list: readonly PackageSpec[]) => server.offer(id, directory, setup.index(directory, list))
    const hasMany = installed.some((item) => item.startsWith('demo-many'))
    const hidden = unpublished.flatMap(expand)
    let offered = specs.filter(
      (spec) => (hasMany || !spec.name.startsWith('demo-many')) && !hidden.some((item) => is(item)(spec)),
    )
    publish(offered)
    server.offer(`${id}-third`, directory, setup.index(directory, []))
    for (const [path, text] of Object.entries(setup.sources(server.url(id), server.url(`${id}-third`))))
      await root.write(path, text)
    await root.must(setup.begin(installed.flatMap(expand)))
    return {
      root,
      state: (isWhole) => stateOf(root, setup.packagesNow, isWhole),
      item: expand,
      act: async (action) => {
        if ('fault' in action)
          return server.fail(
            action.at === 'third' ? `${id}-third` : id,
            action.fault === 'none' ? undefined : action.fault,
          )
        const named = ('withdraw' in action ? action.withdraw : action.publish).flatMap(expand)
        const isNamed = (spec: PackageSpec) => named.some((item) => is(item)(spec))
        offered =
          'withdraw' in action
            ? offered.filter((spec) => !isNamed(spec))
            : [...offered, ...specs.filter((spec) => isNamed(spec))]
        publish(offered)
      },
      remove: () => root.remove(),
    }
  }

  async close() {
    this.server.close()
    await this.world.close()
  }
}

const configurationNow =
  "find /etc -xdev -type f ! -name ld.so.cache ! -path '/etc/.*' -exec sha256sum {} + | sort -k 2; find /etc -xdev -type l -printf '%l %p\\n' | sort"

async function stateOf(root: Root, packagesNow: string, isWhole: boolean): Promise<HostState> {
  const told = await root.must(`${packagesNow}; echo; ${isWhole ? configurationNow : ''}`)
  const [packages = '', configuration = ''] = told.split('\n\n')
  return { packages: packages.trim().split('\n'), configuration: configuration.trim().split('\n') }
}
