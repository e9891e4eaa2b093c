/** Builds .rpm files with rpmbuild, and the metadata of a repository that offers some of them. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PackageSpec } from './packages.ts'
import type { Root } from './world.ts'

interface Parts {
  readonly epoch: string
  readonly version: string
  readonly release: string
}

function partsOf(text: string): Parts {
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?(.*)-([^-]+)$/.exec(text) ?? []
  return { epoch, version, release }
}

const lines = (tag: string, values: readonly string[] = []) => values.map((one) => `${tag}: ${one}\n`).join('')
const program = (tag: string, name: string, text: string | undefined) =>
  text === undefined ? '' : `%${tag} -n ${name} -p /bin/sh\n${text}\n`
const treeOf = ({ name, version, arch = 'noarch' }: PackageSpec) => `tree/${name}-${version}-${arch}`

/** One package among those of a spec file. */
function section(spec: PackageSpec): string {
  const { epoch, version, release } = partsOf(spec.version)
  const paths = Object.keys(spec.files ?? {})
  const files = [
    ...paths.map((path) => (path.startsWith('/etc/') ? `%config(noreplace) ${path}` : path)),
    ...(spec.megabytes ? ['/usr/share/big/file'] : []),
  ]
  return `%package -n ${spec.name}
Summary: demo
Version: ${version}
Release: ${release}
${epoch === '0' ? '' : `Epoch: ${epoch}\n`}${spec.arch ? '' : 'BuildArch: noarch\n'}${lines('Requires', spec.depends)}${lines('Conflicts', spec.conflicts)}${lines('Obsoletes', spec.obsoletes)}${lines('Provides', spec.provides)}%description -n ${spec.name}
demo
${program('pre', spec.name, spec.before)}${program('post', spec.name, spec.after)}%files -n ${spec.name}
${files.join('\n')}
`
}

/** Each name once a file, as a spec file demands. */
function rounds(specs: readonly PackageSpec[]): PackageSpec[][] {
  const files: PackageSpec[][] = []
  for (const spec of specs) {
    const file = files.find(
      (one) => one[0]?.arch === spec.arch && !one.some(({ name }) => name === spec.name) && !spec.megabytes,
    )
    if (file) file.push(spec)
    else files.push([spec])
  }
  return files
}

/** Builds every package into a directory that the root sees as /srv/build. */
export async function buildRpms(root: Root, directory: string, specs: readonly PackageSpec[]) {
  for (const [index, file] of rounds(specs).entries()) {
    const copies = file.map((spec) => `cp -a /srv/build/${treeOf(spec)}/. %{buildroot}/`).join('\n')
    for (const spec of file) {
      const put = (path: string, content: string | Buffer) => {
        const at = join(directory, treeOf(spec), path)
        mkdirSync(dirname(at), { recursive: true })
        writeFileSync(at, content)
      }
      put('.keep', '')
      for (const [path, text] of Object.entries(spec.files ?? {})) put(path, text)
      if (spec.megabytes) put('/usr/share/big/file', Buffer.alloc(spec.megabytes * 1_000_000, spec.version))
    }
    const text = `Name: demo-source-${index}\nVersion: 1\nRelease: 1\nSummary: demo\nLicense: none\n%define debug_package %{nil}\n%define __os_install_post %{nil}\n%define _binary_payload w1.gzdio\n%define _build_id_links none\n%description\ndemo\n%install\nmkdir -p %{buildroot}\n${copies}\nrm -f %{buildroot}/.keep\n${file.map(section).join('')}`
    writeFileSync(join(directory, `${index}.spec`), text)
    const arch = file[0]?.arch ?? 'noarch'
    await root.must(
      `cd /srv/build && rpmbuild -bb --quiet --target ${arch} --define '_topdir /srv/build/top' --define '_rpmdir /srv/build' --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' --define '_unpackaged_files_terminate_build 0' ${index}.spec 2>&1`,
    )
  }
  await root.must(
    'cd /srv/build && rm -rf tree top *.spec && createrepo_c --quiet --no-database --simple-md-filenames --general-compress-type gz . && gunzip repodata/*.gz',
  )
}

/** The metadata files of one repository, each cut into its packages. */
class Metadata {
  private readonly packages = new Map<string, string[]>()
  readonly kind: string

  constructor(directory: string, kind: string) {
    this.kind = kind
    const text = readFileSync(join(directory, 'repodata', `${kind}.xml`), 'utf8')
    for (const [one] of text.matchAll(/<package [\s\S]*?<\/package>/g)) {
      const name = /<name>([^<]*)<\/name>/.exec(one)?.[1] ?? /<package [^>]*name="([^"]*)"/.exec(one)?.[1] ?? ''
      const version = /<version epoch="(\d+)" ver="([^"]*)" rel="([^"]*)"/.exec(one) ?? []
      const key = `${name}=${version[1] === '0' ? '' : `${version[1]}:`}${version[2]}-${version[3]}`
      this.packages.set(key, [...(this.packages.get(key) ?? []), one])
    }
  }

  /** The file with these packages only. */
  of(specs: readonly PackageSpec[]): string {
    const keys = [...new Set(specs.map(({ name, version }) => `${name}=${version}`))]
    const chosen = keys.flatMap((key) => this.packages.get(key) ?? [])
    const space = this.kind === 'primary' ? 'common' : this.kind
    const [root, more] =
      this.kind === 'primary' ? ['metadata', ' xmlns:rpm="http://linux.duke.edu/metadata/rpm"'] : [`${this.kind}`, '']
    const name = this.kind === 'other' ? 'otherdata' : root
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://linux.duke.edu/metadata/${space}"${more} packages="${chosen.length}">\n${chosen.join('\n')}\n</${name}>\n`
  }
}

const read = new Map<string, readonly Metadata[]>()
let revision = 0

/** The texts of a repository that offers these packages, by path; `modules` in the form of modulemd. */
export function rpmIndex(
  directory: string,
  specs: readonly PackageSpec[],
  modules = '',
): Readonly<Record<string, string>> {
  const metadata = read.get(directory) ?? ['primary', 'filelists', 'other'].map((kind) => new Metadata(directory, kind))
  read.set(directory, metadata)
  const files = [
    ...metadata.map((one) => [one.kind, `repodata/${one.kind}.xml`, one.of(specs)] as const),
    ...(modules === '' ? [] : [['modules', 'repodata/modules.yaml', modules] as const]),
  ]
  const data = files.map(([kind, path, text]) => {
    const sum = createHash('sha256').update(text).digest('hex')
    return `<data type="${kind}"><checksum type="sha256">${sum}</checksum><location href="${path}"/><size>${Buffer.byteLength(text)}</size></data>`
  })
  revision++
  const repomd = `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>${revision}</revision>${data.join('')}</repomd>\n`
  return { ...Object.fromEntries(files.map(([, path, text]) => [path, text])), 'repodata/repomd.xml': repomd }
}
