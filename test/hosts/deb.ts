/** Builds .deb files, and the index of a repository that offers some of them. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PackageSpec } from './packages.ts'
import { ran } from './world.ts'

const list = (field: string, names: readonly string[] = []) =>
  names.length === 0 ? '' : `${field}: ${names.map((name) => name.replace(/ = (.*)/, ' (= $1)')).join(', ')}\n`

const controlOf = ({ name, version, arch = 'all', depends, conflicts, obsoletes }: PackageSpec) =>
  `Package: ${name}\nVersion: ${version}\nArchitecture: ${arch}\n${arch === 'all' ? '' : 'Multi-Arch: same\n'}Maintainer: Demo <demo@example.com>\n${list('Depends', depends)}${list('Conflicts', [...(conflicts ?? []), ...(obsoletes ?? [])])}${list('Replaces', obsoletes)}Description: demo package\n`

const fileOf = ({ name, version, arch = 'all' }: PackageSpec) => `${name}_${version.replace(/^\d+:/, '')}_${arch}.deb`

/** Writes every package into a directory, uncompressed. */
export async function buildDebs(directory: string, specs: readonly PackageSpec[]) {
  for (const spec of specs) {
    const tree = join(directory, 'tree', `${spec.name}-${spec.version}-${spec.arch ?? 'all'}`)
    const put = (path: string, text: string | Buffer, mode = 0o644) => {
      mkdirSync(dirname(join(tree, path)), { recursive: true, mode: 0o755 })
      writeFileSync(join(tree, path), text, { mode })
    }
    put('DEBIAN/control', controlOf(spec))
    const files = Object.entries(spec.files ?? {})
    for (const [path, text] of files) put(path, text)
    const configuration = files.map(([path]) => path).filter((path) => path.startsWith('/etc/'))
    if (configuration.length > 0) put('DEBIAN/conffiles', `${configuration.join('\n')}\n`)
    if (spec.after) put('DEBIAN/postinst', `#!/bin/sh\n${spec.after}\n`, 0o755)
    if (spec.before) put('DEBIAN/preinst', `#!/bin/sh\n${spec.before}\n`, 0o755)
    if (spec.megabytes) put('/usr/share/big/file', Buffer.alloc(spec.megabytes * 1_000_000, spec.version))
  }
  const { code, stderr } = await ran('bash', [
    '-ec',
    `umask 022; cd '${directory}'; printf '%s\\0' tree/* | xargs -0 -n 20 -P 4 sh -c 'for tree; do dpkg-deb --root-owner-group -Znone -b "$tree" . >/dev/null || exit 255; done' sh; rm -r tree`,
  ])
  if (code !== 0) throw new Error(`packages were not built: ${stderr}`)
}

/** The texts of a flat repository that offers these packages, by file name. */
export function debIndex(directory: string, specs: readonly PackageSpec[]): Readonly<Record<string, string>> {
  const stanzas = specs.map((spec) => {
    const file = fileOf(spec)
    const content = readFileSync(join(directory, file))
    const sum = createHash('sha256').update(content).digest('hex')
    return `${controlOf(spec)}Filename: ./${file}\nSize: ${content.length}\nSHA256: ${sum}\n`
  })
  const index = stanzas.map((one) => `${one}\n`).join('')
  const sum = createHash('sha256').update(index).digest('hex')
  const release = `Date: ${new Date().toUTCString()}\nSuite: demo\nSHA256:\n ${sum} ${Buffer.byteLength(index)} Packages\n`
  return { Packages: index, Release: release }
}
