/** The small packages that the repositories of the tests offer, as data. */

/** What a package is and does, in words that .deb and .rpm share. */
export interface PackageSpec {
  readonly name: string
  readonly version: string
  readonly arch?: string
  readonly depends?: readonly string[]
  readonly conflicts?: readonly string[]
  readonly obsoletes?: readonly string[]
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

/** Every package of the tests; versions are in the form of the manager, with its release. */
export const packageSpecs = (release: (version: string) => string): readonly PackageSpec[] => {
  const v = release
  const pair = (version: string): readonly PackageSpec[] => [
    one('demo-bar', v(version), { depends: [`demo-libbar = ${v(version)}`] }),
    one('demo-libbar', v(version)),
  ]
  return [
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
    ...Array.from(
      { length: 200 },
      (_, index) => `demo-many-${String(index).padStart(3, '0')}${'x'.repeat(40)}`,
    ).flatMap((name) => [one(name, v('1.0')), one(name, v('1.1'))]),
  ]
}
