import { describe, expect, it } from 'vitest'
import { functionSpecs } from '../../infra/functions.ts'
import { definitionOf, machineNames } from '../statemachines/machines.ts'
import { codeOf, filesUnder, type SourceFile } from './source-files.ts'

const handlers = filesUnder(['functions'], '.ts').filter(({ path }) => /\/handlers\//.test(path))
/** `room/verb-noun`. */
const nameOf = (path: string) => path.replace(/^functions\/(.*)\/handlers\/(.*)\.ts$/, '$1/$2')
const pascal = (kebab: string) => kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
/** The console's routes are tested by app.request: its handler is Hono's own adapter, and has no use case beside it. */
const honoAdapter = 'functions/console/handlers/serve-console.ts'

/** What a handler lacks of `export { run }` from the use case of its own name. */
function useCaseFaults({ path, text }: SourceFile, paths: ReadonlySet<string>): string[] {
  if (path === honoAdapter) return []
  const useCase = path.replace('/handlers/', '/')
  const file = useCase.replace(/^.*\//, '')
  const takesRun = new RegExp(
    `^import \\{[^}]*\\brun\\b(?! as)[^}]*\\} from '\\.\\./${file.replace('.', '\\.')}'$`,
    'm',
  )
  return [
    ...(paths.has(useCase) ? [] : [`${path}: there is no ${useCase}`]),
    ...(takesRun.test(text) && /^export \{ run \}$/m.test(text) ? [] : [`${path} does not offer run of ../${file}`]),
    ...(/\bfunction run\b|\bconst run\b/.test(codeOf(text)) ? [`${path} has a use case of its own`] : []),
  ]
}

const placeholders = new Set(
  machineNames.flatMap((name) =>
    [...JSON.stringify(definitionOf(name)).matchAll(/\$\{(\w+)\}/g)].map(([, found]) => found ?? ''),
  ),
)

describe('handlers', () => {
  it('every handler is a Lambda of the hub, and every Lambda has its handler', () => {
    expect(handlers.map(({ path }) => nameOf(path)).sort()).toEqual(Object.keys(functionSpecs).sort())
  })

  it('every function that a machine names is the handler of that name', () => {
    const known = new Set(handlers.map(({ path }) => pascal(nameOf(path).replace(/^.*\//, ''))))
    const functions = [...placeholders].filter((name) => !name.endsWith('Machine'))
    expect(functions.filter((name) => !known.has(name))).toEqual([])
  })

  it('every machine that a machine names is a file', () => {
    const machines = [...placeholders].filter((name) => name.endsWith('Machine'))
    const known = new Set(machineNames.map((name) => `${pascal(name)}Machine`))
    expect(machines.filter((name) => !known.has(name))).toEqual([])
  })

  it('every handler offers the run of the use case that has its name', () => {
    const paths = new Set(filesUnder(['functions'], '.ts').map(({ path }) => path))
    expect(handlers.flatMap((handler) => useCaseFaults(handler, paths))).toEqual([])
  })

  it.each([
    ['no use case beside it', '../plan-changes.ts', "import { run } from '../plan-changes.ts'\n\nexport { run }\n"],
    ['another use case', '../plan-change.ts', "import { run } from '../plan.ts'\n\nexport { run }\n"],
    [
      'run under another name',
      '../plan-change.ts',
      "import { run as plan } from '../plan-change.ts'\n\nexport { run }\n",
    ],
    ['run not offered', '../plan-change.ts', "import { run } from '../plan-change.ts'\n"],
    [
      'a use case of its own',
      '../plan-change.ts',
      "import { PlanChange, run } from '../plan-change.ts'\n\nexport { run }\n\nfunction run() {}\n",
    ],
  ])('a handler with %s is a fault', (_, useCase, text) => {
    const paths = new Set(['functions/planning/plan-change.ts'])
    const path = `functions/planning/handlers/${useCase.replace('../', '')}`
    expect(useCaseFaults({ path, text }, paths)).toHaveLength(1)
  })

  it('every handler offers handler for Lambda, dressed in the kit', () => {
    const faults = handlers.filter(
      ({ path, text }) =>
        !/export const handler\b/.test(text) ||
        (path !== honoAdapter && !/from '\.\.\/\.\.\/kit\/lambda-handler\.ts'/.test(text)),
    )
    expect(faults.map(({ path }) => path)).toEqual([])
  })

  it('a schema of a handler has the name of its file', () => {
    const faults = handlers.filter(({ path, text }) => {
      const name = pascal(nameOf(path).replace(/^.*\//, ''))
      return /\blambdaHandler\(/.test(codeOf(text)) && !new RegExp(`\\blambdaHandler\\(\\s*${name}\\b`).test(text)
    })
    expect(faults.map(({ path }) => path)).toEqual([])
  })

  it('no test imports a handler by its Lambda name', () => {
    const faults = filesUnder(['test'], '.ts').filter(
      ({ path, text }) =>
        !path.startsWith('test/house/') && /import \{[^}]*\bhandler\b[^}]*\} from '[^']*\/handlers\//.test(text),
    )
    expect(faults.map(({ path }) => path)).toEqual([])
  })
})
