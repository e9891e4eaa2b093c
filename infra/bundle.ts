/** Bundles every handler once per synth: one file a Lambda, SDK included so that its version is ours. */
import { globSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { buildSync, type Metafile } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const outputDirectory = join(root, 'cdk.out', 'bundles')

export interface Bundle {
  readonly directory: string
  readonly entry: string
}

/** `<room>/<verb-noun>` of every handler file, sorted. */
export function handlerNames(): string[] {
  return globSync('functions/*/handlers/*.ts', { cwd: root })
    .map((file) => `${basename(dirname(dirname(file)))}/${basename(file, '.ts')}`)
    .sort()
}

let metafile: Metafile | undefined

/** Builds all bundles, minified ES modules for Node 24; the same sources give the same bytes. */
export function bundleHandlers(): Metafile {
  if (metafile) return metafile
  const result = buildSync({
    absWorkingDir: root,
    entryPoints: handlerNames().map((name) => {
      const [room, file] = name.split('/')
      return { in: `functions/${room}/handlers/${file}.ts`, out: `${room}-${file}/index` }
    }),
    outdir: outputDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    metafile: true,
    legalComments: 'none',
    logLevel: 'error',
  })
  metafile = result.metafile
  return metafile
}

/** The directory of one handler's bundle, e.g. `intake/receive-findings`. */
export function bundleOf(name: string): string {
  bundleHandlers()
  return join(outputDirectory, name.replace('/', '-'))
}
