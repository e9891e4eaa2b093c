/** Size and first call of each function's bundle, against a bare handler with the same SDK clients. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync, type Metafile } from 'esbuild'
import { bundleHandlers, bundleOf, handlerNames } from '../infra/bundle.ts'
import { projectRoot, workDirectory } from '../tools/processes.ts'
import { type Bench, type BenchRow, median } from './table.ts'

const isSdk = (path: string) =>
  /node_modules\/(@aws-sdk|@smithy|@aws-crypto|@aws\/|tslib|fast-xml-parser|strnum|bowser|uuid|mnemonist|obliterator)/.test(
    path,
  )
const repeats = 7
/** Bytes that a bundle may hold besides the SDK. */
const bytesBesideSdkMax = 150_000

const sizeNote =
  'zod is 76 to 83 kB of each bundle, the Powertools logger and metrics 33 kB. `zod/mini` would save 60 kB but is not used: its ' +
  'schemas read worse in 64 files, and even without zod a bundle exceeds the bound only where a room needs a library: Temporal ' +
  'and the calendar reader (97 kB), which plans, gates and every dispatcher pass use, and Hono for pages (28 kB).'
const importNote =
  'The import alone, without the first call, whose SDK time would be the same on both sides. Loading zod and building the schemas takes ' +
  'about 10 ms, Powertools about 7 ms; a bare handler with one SDK client takes 50 ms on a quiet machine, so 1.15 leaves 8 ms.'

function outputOf(metafile: Metafile, name: string) {
  const [, output] =
    Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name.replace('/', '-')}/index.mjs`)) ?? []
  if (!output) throw new Error(`no bundle for ${name}`)
  return output
}

/** A handler that imports the same SDK packages and does nothing else. */
function bareBundle(name: string, packages: readonly string[]): string {
  const directory = join(workDirectory, 'bench', name.replace('/', '-'))
  mkdirSync(directory, { recursive: true })
  const source = packages.map((one, index) => `import * as p${index} from '${one}'`).join('\n')
  buildSync({
    stdin: {
      contents: `${source}\nexport const handler = async () => [${packages.map((_, index) => `Object.keys(p${index}).find((key) => key.endsWith('Client'))`).join(',')}]\n`,
      resolveDir: projectRoot,
    },
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'error',
  })
  return directory
}

const importMs = (directory: string) => {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(join(directory, 'index.mjs')).href)});process.stdout.write(String(performance.now()-t))`
  return Number(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { PATH: process.env.PATH, POWERTOOLS_DEV: 'false' },
    }),
  )
}

/** Measures both alternately, so that a busy moment slows both. */
function coldImports(ours: string, bare: string) {
  const times = Array.from({ length: repeats }, () => [importMs(ours), importMs(bare)] as const)
  return { oursMs: median(times.map(([ms]) => ms)), bareMs: median(times.map(([, ms]) => ms)) }
}

export async function benchBundles(): Promise<Bench[]> {
  const metafile = await bundleHandlers()
  const sizes: BenchRow[] = []
  const imports: BenchRow[] = []
  for (const name of handlerNames()) {
    const { inputs } = outputOf(metafile, name)
    const besideSdk = Object.entries(inputs).reduce(
      (sum, [path, { bytesInOutput }]) => sum + (isSdk(path) ? 0 : bytesInOutput),
      0,
    )
    sizes.push({
      what: name,
      ours: besideSdk / 1000,
      peer: bytesBesideSdkMax / 1000,
      unit: 'kB',
      against: 'bound beside the SDK',
      goalRatioMax: 1,
    })
    const packages = [
      ...new Set(
        Object.keys(inputs).flatMap((path) => /node_modules\/(@aws-sdk\/client-[a-z0-9-]+)\//.exec(path)?.[1] ?? []),
      ),
    ]
    const { oursMs, bareMs } = coldImports(bundleOf(name), bareBundle(name, packages))
    imports.push({
      what: name,
      ours: oursMs,
      peer: bareMs,
      unit: 'ms',
      against: `bare handler with ${packages.length} SDK clients`,
      goalRatioMax: 1.15,
    })
  }
  rmSync(join(workDirectory, 'bench'), { recursive: true, force: true })
  return [
    { title: 'Bundle size beside the SDK', command: 'npm run bench -- bundles', notes: [sizeNote], rows: sizes },
    { title: 'Cold import of each function', command: 'npm run bench -- bundles', notes: [importNote], rows: imports },
  ]
}
