/** Figures of the house: `node tools/figures.ts [DIRECTORY]` prints them for this tree or another checkout, as JSON with `--json`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'
import { projectRoot } from './processes.ts'
import { folders, rooms } from './rooms.ts'

const json = process.argv.includes('--json')
/** Lists the modules with a decision that no test imports. */
const untested = process.argv.includes('--untested')
const root = resolve(process.argv.slice(2).find((word) => !word.startsWith('--')) ?? projectRoot)

interface Module {
  readonly path: string
  readonly text: string
  readonly lines: number
}

function modulesUnder(folder: string): Module[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.(?:ts|mjs)$/.test(path) && !/node_modules|cdk\.out|\/fixtures\//.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, lines: text.trimEnd().split('\n').length }
    })
}

const product = [...new Set([...folders.map(({ name }) => name), 'documents'])].flatMap(modulesUnder)
const tests = modulesUnder('test')
const roomOf = (path: string) => /^functions\/([^/]+)\//.exec(path)?.[1] ?? path.split('/')[0] ?? ''
/** Handlers and the ports by the SDK are drawn apart: they point both ways by what they are for. */
const isDrawn = (path: string) => !path.includes('/handlers/') && !path.startsWith('functions/aws/')

const importsOf = ({ path, text }: Module) =>
  [...text.matchAll(/^(?:import|export)\b[^'"]*?from\s+'(\.[^']+)'/gm)].map(([, to = '']) =>
    normalize(join(dirname(path), to)).replaceAll('\\', '/'),
  )

const arrows = new Map<string, Set<string>>()
for (const module of product.filter(({ path }) => isDrawn(path)))
  for (const target of importsOf(module).filter(isDrawn)) {
    const [from, to] = [roomOf(module.path), roomOf(target)]
    if (from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to))
  }

const order = rooms.map(({ name }) => name)
const againstOrder = [...arrows].flatMap(([from, targets]) =>
  [...targets]
    .filter((to) => order.includes(from) && order.includes(to) && order.indexOf(to) > order.indexOf(from))
    .map((to) => `${from} -> ${to}`),
)
const inBothDirections = [...arrows].flatMap(([from, targets]) =>
  [...targets].filter((to) => from < to && arrows.get(to)?.has(from)).map((to) => `${from} <-> ${to}`),
)

const functionModules = product.filter(({ path }) => path.startsWith('functions/'))
const linesOf = (modules: readonly Module[]) => modules.reduce((sum, { lines }) => sum + lines, 0)
const byRoom = [...Map.groupBy(functionModules, ({ path }) => roomOf(path))].map(([room, modules]) => ({
  room,
  lines: linesOf(modules),
}))
const biggest = byRoom.toSorted((left, right) => right.lines - left.lines)[0]
const sizes = product.map(({ lines }) => lines).sort((left, right) => left - right)
const at = (share: number) => sizes[Math.floor(sizes.length * share)] ?? 0

/** Names that a room's face offers, with the module that declares each. */
const offered = functionModules
  .filter(({ path }) => /^functions\/[^/]+\/index\.ts$/.test(path))
  .flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '\.\/([^']+)'/gm)].flatMap(([, names = '', file = '']) =>
      names
        .split(',')
        .map((name) => name.trim().replace(/^type /, ''))
        .filter((name) => name !== '')
        .map((name) => {
          const [declared = '', called = declared] = name.split(' as ')
          return { name: declared, called, from: join(dirname(path), file) }
        }),
    ),
  )
const texts = new Map(product.map(({ path, text }) => [path, text]))
const explained = offered.filter(({ name, from }) =>
  new RegExp(`\\*/\\n(?:export )?(?:async )?(?:const|function|interface|type|class) ${name}\\b`).test(
    texts.get(from) ?? '',
  ),
)

/** Modules of functions/ that decide something: no faces, ports, handlers, and none without a branch. */
const deciding = functionModules.filter(
  ({ path, text }) =>
    !/\/(?:index|ports)\.ts$|\/handlers\//.test(path) && /\bif \(|\?\?|\? |\bswitch \(|\.filter\(/.test(text),
)
/** What a test imports, through a room's face too. */
const namedByTests = new Set(
  tests.flatMap((test) =>
    [...test.text.matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']+\/index\.ts)'/gm)].flatMap(
      ([, names = '', face = '']) => {
        const room = dirname(normalize(join(dirname(test.path), face)))
        const wanted = names.split(',').map((name) => name.trim().replace(/^type | as .*$/g, ''))
        return offered
          .filter(({ called, from }) => from.startsWith(`${room}/`) && wanted.includes(called))
          .map(({ from }) => from)
      },
    ),
  ),
)
const importedByTests = new Set([...tests.flatMap(importsOf), ...namedByTests])
const tested = deciding.filter(({ path }) => importedByTests.has(path))

const figures = {
  rooms: byRoom.length,
  'arrows against the order': againstOrder,
  'folders that import each other': inBothDirections,
  'biggest room, share of functions/': `${biggest?.room} ${Math.round((100 * (biggest?.lines ?? 0)) / linesOf(functionModules))} %`,
  files: product.length,
  'lines a file, median / 90 % / longest': `${at(0.5)} / ${at(0.9)} / ${at(0.9999)}`,
  'test lines a line of code': (linesOf(tests) / linesOf(product)).toFixed(2),
  'room exports with a sentence': `${explained.length} of ${offered.length}`,
  'modules with a decision that a test imports': `${tested.length} of ${deciding.length}`,
}
process.stdout.write(
  json
    ? `${JSON.stringify(figures)}\n`
    : `${Object.entries(figures)
        .map(
          ([what, value]) =>
            `${what}: ${Array.isArray(value) ? `${value.length}${value.length > 0 ? ` (${value.join(', ')})` : ''}` : value}`,
        )
        .join('\n')}\n`,
)
if (untested)
  for (const { path } of deciding.filter((module) => !tested.includes(module))) process.stdout.write(`${path}\n`)
