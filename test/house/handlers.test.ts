import { describe, expect, it } from 'vitest'
import { functionSpecs } from '../../infra/functions.ts'
import { definitionOf, machineNames } from '../statemachines/machines.ts'
import { codeOf, filesUnder } from './source-files.ts'

const handlers = filesUnder(['functions'], '.ts').filter(({ path }) => /\/handlers\//.test(path))
/** `room/verb-noun`. */
const nameOf = (path: string) => path.replace(/^functions\/(.*)\/handlers\/(.*)\.ts$/, '$1/$2')
const pascal = (kebab: string) => kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
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

  it('every handler offers run for tests and handler for Lambda, dressed in the kit', () => {
    // The console's routes are tested by app.request; its handler is Hono's own adapter.
    const faults = handlers.filter(
      ({ path, text }) =>
        (path !== 'functions/console/handlers/serve-console.ts' &&
          !/export (?:async )?(?:function run\b|const run\b|\{ run \})/.test(text)) ||
        !/export const handler\b/.test(text) ||
        (path !== 'functions/console/handlers/serve-console.ts' &&
          !/from '\.\.\/\.\.\/kit\/lambda-handler\.ts'/.test(text)),
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
