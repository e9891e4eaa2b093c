import { describe, expect, it } from 'vitest'
import { codeOf, filesUnder, type SourceFile } from './source-files.ts'

interface Face {
  readonly room: string
  readonly name: string
  /** The module that declares it. */
  readonly from: string
}

const faces = filesUnder(['functions'], '.ts').filter(({ path }) => /^functions\/[^/]+\/index\.ts$/.test(path))

/** What a room offers. */
function offeredBy({ path, text }: SourceFile): Face[] {
  const folder = path.replace(/\/index\.ts$/, '')
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '\.\/([^']+)'/gm)].flatMap(([, names = '', file = '']) =>
    names
      .split(',')
      .map((name) =>
        name
          .trim()
          .replace(/^type /, '')
          .replace(/ as .*$/, ''),
      )
      .filter((name) => name !== '')
      .map((name) => ({ room: folder, name, from: `${folder}/${file}` })),
  )
}

/** Whether a declaration of that name has a comment for readers right before it, or is the type of a schema that has one. */
const isExplained = (name: string, text: string) =>
  new RegExp(`\\*/\\n(?:export )?(?:async )?(?:const|function|interface|type|class) ${name}\\b`).test(text)

const sources = new Map(filesUnder(['functions'], '.ts').map(({ path, text }) => [path, text]))
const unexplained = (offered: readonly Face[], texts: ReadonlyMap<string, string>) =>
  offered
    .filter(({ name, from }) => !isExplained(name, texts.get(from) ?? ''))
    .map(({ name, from }) => `${from} ${name}`)

/** The name used anywhere outside its room. */
function unused(offered: readonly Face[], files: readonly SourceFile[]): string[] {
  const words = files.map(({ path, text }) => ({ path, words: new Set(codeOf(text).match(/\b\w+\b/g)) }))
  return offered
    .filter(
      ({ room, name }) => !words.some(({ path, words: found }) => !path.startsWith(`${room}/`) && found.has(name)),
    )
    .map(({ room, name }) => `${room} ${name}`)
}

describe('what a room offers', () => {
  it('has a sentence for its reader', () => {
    expect(unexplained(faces.flatMap(offeredBy), sources)).toEqual([])
  })

  it('has a user in another room or folder of the product', () => {
    const users = filesUnder(['functions', 'cli', 'local', 'simulator', 'infra', 'bench', 'tools', 'documents'], '.ts')
    expect(unused(faces.flatMap(offeredBy), users)).toEqual([])
  })

  it('an export without a sentence and one without a user are faults', () => {
    const offered = offeredBy({ path: 'functions/x/index.ts', text: "export { type A, b } from './x.ts'" })
    const texts = new Map([['functions/x/x.ts', '/** What A is. */\nexport interface A {}\n\nexport const b = 1']])
    expect(unexplained(offered, texts)).toEqual(['functions/x/x.ts b'])
    expect(unused(offered, [{ path: 'cli/x.ts', text: 'const c: A = 1' }])).toEqual(['functions/x b'])
  })
})
