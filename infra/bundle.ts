/** Bundles every handler once for the same sources: one file a Lambda, SDK included so that its version is ours. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { madeOnce } from '../tools/made-once.ts'
import { projectRoot as root } from '../tools/processes.ts'
import { sourcesName } from '../tools/sources.ts'

/** Bundles stand under the name of their sources, so those of other sources are never taken for them. */
let place: string | undefined

function outputDirectory(): string {
  place ??= join(root, 'cdk.out', 'bundles', sourcesName())
  return place
}

/** `<room>/<verb-noun>` of every handler file, sorted. */
export function handlerNames(): string[] {
  return globSync('functions/*/handlers/*.ts', { cwd: root })
    .map((file) => `${basename(dirname(dirname(file)))}/${basename(file, '.ts')}`)
    .sort()
}

/** Every zod schema carries the code that turns it into JSON Schema; no Lambda does, so 20 kB stay out of each bundle. */
const withoutJsonSchema: Plugin = {
  name: 'without-json-schema',
  setup({ onLoad }) {
    const names = ['toJSONSchema', 'createToJSONSchemaMethod', 'createStandardJSONSchemaMethod', 'JSONSchemaGenerator']
    onLoad(
      { filter: /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-(?:processors|generator))\.js$/ },
      () => ({
        contents: `const none = () => { throw new Error('bundled without JSON Schema') }
export { ${names.map((name) => `none as ${name}`).join(', ')} }`,
      }),
    )
  },
}

const metafileName = 'metafile.json'
let building: Promise<Metafile> | undefined

/** Builds all bundles, minified ES modules for Node 24, unless they are there; the same sources give the same bytes. */
export function bundleHandlers(): Promise<Metafile> {
  building ??= madeOnce(outputDirectory(), buildInto).then((directory) =>
    JSON.parse(readFileSync(join(directory, metafileName), 'utf8')),
  )
  return building
}

async function buildInto(directory: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: handlerNames().map((name) => {
      const [room, file] = name.split('/')
      return { in: `functions/${room}/handlers/${file}.ts`, out: `${room}-${file}/index` }
    }),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    plugins: [withoutJsonSchema],
    metafile: true,
    legalComments: 'none',
    logLevel: 'error',
  })
  writeFileSync(join(directory, metafileName), JSON.stringify(metafile))
}

/** The directory of one handler's bundle, e.g. `intake/receive-findings`; `bundleHandlers` has made it before. */
export const bundleOf = (name: string): string => join(outputDirectory(), name.replace('/', '-'))
