/** What takes long to make and is the same in every run: systems with a package manager, built packages. Kept by digest. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { workDirectory } from '../../tools/processes.ts'
import type { Root, World } from './world.ts'

const place = join(workDirectory, 'hosts')
const digest = (...texts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16)

/** Makes a directory once for the same digest; a run that is cut off leaves none behind. */
export async function madeOnce(
  name: string,
  key: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const done = join(place, `${name}-${digest(...key)}`)
  if (existsSync(done)) return done
  mkdirSync(place, { recursive: true })
  const directory = mkdtempSync(join(place, `${name}.`))
  try {
    await make(directory)
    if (!existsSync(done)) renameSync(directory, done)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  return done
}

/**
 * A root over this machine's own system with more Debian packages in it, under the name of the packages' manager.
 *
 * The first time needs Debian's archive; afterwards the layer is unpacked again as long as this machine has the same
 * packages.
 */
export async function mountLayer(world: World, name: string, packages: readonly string[]): Promise<Root> {
  if (packages.length === 0) return await world.mount(name)
  const key = [readFileSync('/var/lib/dpkg/status', 'utf8'), ...packages]
  const layer = await madeOnce(`layer-${name}`, key, async (directory) => {
    const root = await world.mount(`${name}-new`)
    await root.must(`export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
install() { apt-get -qq -y --no-install-recommends install ${packages.join(' ')}; }
{ install || { apt-get -qq update && install; }; } >/run/log 2>&1 || { tail -n 5 /run/log >&2; exit 1; }
rm -rf /var/cache/apt/*.bin`)
    await world.must(`tar -C /mnt/${name}-new/upper --xattrs --xattrs-include='*' -cf '${directory}/layer.tar' .`)
    await world.unmount(`${name}-new`)
  })
  await world.must(`mkdir -p /mnt/${name}/upper
tar -C /mnt/${name}/upper --xattrs --xattrs-include='*' -xf '${layer}/layer.tar'`)
  return await world.mount(name)
}
