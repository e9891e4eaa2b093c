/** The small packages that the repositories of the tests offer, as data. */
import type { Manager } from './contract.ts'

/** What a package is and does, in words that .deb and .rpm share. */
export interface PackageSpec {
  readonly name: string
  readonly version: string
  /** The manager's word; absent: for every architecture. */
  readonly arch?: string
  readonly depends?: readonly string[]
  readonly conflicts?: readonly string[]
  readonly obsoletes?: readonly string[]
  readonly provides?: readonly string[]
  /** Path to content; what lies under /etc is configuration. */
  readonly files?: Readonly<Record<string, string>>
  /** Shell program that runs after the files are there. */
  readonly after?: string
  /** Shell program that runs before. */
  readonly before?: string
  /** Megabytes of a file under /usr/share/big. */
  readonly megabytes?: number
}

const app = (version: string, more: Partial<PackageSpec> = {}): PackageSpec => ({
  name: 'demo-app',
  version,
  files: { '/usr/share/demo/app': version, '/etc/demo/app.conf': `version ${version}\n` },
  ...more,
})
const one = (name: string, version: string, more: Partial<PackageSpec> = {}): PackageSpec => ({
  name,
  version,
  files: { [`/usr/share/${name}/version`]: version },
  ...more,
})

/** A version with the packager's release, as every manager here writes it. */
export const withRelease = (version: string) => (version.includes('-') ? version : `${version}-1`)
const v = withRelease

const pair = (version: string): readonly PackageSpec[] => [
  one('demo-bar', v(version), { depends: [`demo-libbar = ${v(version)}`] }),
  one('demo-libbar', v(version)),
]

/** The two hundred packages with long names. */
export const manyNames: readonly string[] = Array.from(
  { length: 200 },
  (_, index) => `demo-many-${String(index).padStart(3, '0')}${'x'.repeat(40)}`,
)

const shared: readonly PackageSpec[] = [
  app(v('1.0')),
  app(v('1.1'), {
    files: { '/usr/share/demo/app': '1.1', '/etc/demo/app.conf': 'version 1.1\n', '/etc/demo/new.conf': 'new\n' },
  }),
  app(v('1.2')),
  ...pair('1.0'),
  ...pair('1.1'),
  one('demo-qux', v('1.0')),
  one('demo-baz', v('1.0')),
  one('demo-baz', v('1.1'), { conflicts: ['demo-qux'] }),
  one('demo-repl', v('1.0')),
  one('demo-repl', v('1.1'), { obsoletes: ['demo-obs'] }),
  one('demo-obs', v('1.0')),
  one('demo-fail', v('1.0')),
  one('demo-fail', v('1.1'), { after: 'exit 1' }),
  one('demo-refuse', v('1.0')),
  one('demo-refuse', v('1.1'), { before: 'exit 1' }),
  one('demo-slow', v('1.0')),
  one('demo-slow', v('1.1'), {
    after: 'if [ ! -e /run/demo-slow-began ]; then touch /run/demo-slow-began; sleep 600; fi',
  }),
  one('demo-dep', v('1.0')),
  one('demo-dep', v('1.1'), { depends: ['demo-fresh'] }),
  one('demo-fresh', v('1.0'), { files: { '/etc/demo/fresh.conf': 'fresh\n' } }),
  one('demo-big', v('1.0')),
  one('demo-big', v('1.1'), { megabytes: 20 }),
  one('demo-epoch', `1:${v('1.0')}`),
  one('demo-epoch', `1:${v('1.1')}`),
  one('demo-tilde', v('1.1~rc1')),
  one('demo-tilde', v('1.1')),
  one('demo-plus.x', v('1.0+git1')),
  one('demo-plus.x', v('1.0+git2')),
  ...manyNames.flatMap((name) => [one(name, v('1.0')), one(name, v('1.1'))]),
]

const debKernel = (abi: string, flavour: string) =>
  one(`linux-image-${abi}-${flavour}`, v('6.1.90'), {
    files: { [`/boot/vmlinuz-${abi}-${flavour}`]: abi },
    after: 'update-grub',
  })
const debs: readonly PackageSpec[] = [
  ...['amd64', 'i386'].flatMap((arch) => [
    one('demo-malib', v('1.0'), { arch, files: {} }),
    one('demo-malib', v('1.1'), { arch, files: {} }),
  ]),
  ...['6.1.0-21', '6.1.0-37', '6.1.0-99'].flatMap((abi) => [debKernel(abi, 'amd64'), debKernel(abi, 'cloud-amd64')]),
  one('linux-image-amd64', '6.1.90-1', { depends: ['linux-image-6.1.0-21-amd64'] }),
  one('linux-image-amd64', '6.1.140-1', { depends: ['linux-image-6.1.0-37-amd64'] }),
]

/** A kernel as RHEL and SLES have it: several stay beside each other. */
const rpmKernel = (name: string, version: string, release: string, suffix = ''): PackageSpec =>
  one(name, `${version}-${release}`, {
    provides: ['installonlypkg(kernel)', 'multiversion(kernel)'],
    files: { [`/boot/vmlinuz-${version}-${release}.x86_64${suffix}`]: release },
    after: `demo-default-kernel /boot/vmlinuz-${version}-${release}.x86_64${suffix}`,
  })
const rpms: readonly PackageSpec[] = [
  one('demo-system', v('1.0'), { provides: ['/bin/sh'] }),
  one('demo-caret', v('1.1')),
  one('demo-caret', v('1.1^20261101git')),
  ...['553.el8_10', '553.5.1.el8_10', '553.10.1.el8_10'].map((one) => rpmKernel('kernel-core', '4.18.0', one)),
  rpmKernel('kernel-rt-core', '4.18.0', '553.9.1.rt7.el8_10'),
]
const modular: readonly PackageSpec[] = [
  one('demo-module', '1.0-1.module_el9+1'),
  one('demo-module', '1.1-1.module_el9+2'),
  one('demo-module', '2.0-1.module_el9+3'),
]

/** Every package of a manager's tests. */
export const packageSpecs = (manager: Manager): readonly PackageSpec[] => [
  ...shared,
  ...(manager === 'apt' ? debs : [...rpms, ...modular]),
]
