import { describe, expect, it } from 'vitest'
import { filesUnder, type SourceFile } from './source-files.ts'

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

describe('what a room offers', () => {
  it('has a sentence for its reader', () => {
    expect(unexplained(faces.flatMap(offeredBy), sources)).toEqual([])
  })

  it('an export without a sentence is a fault', () => {
    const offered = offeredBy({ path: 'functions/x/index.ts', text: "export { type A, b } from './x.ts'" })
    const texts = new Map([['functions/x/x.ts', '/** What A is. */\nexport interface A {}\n\nexport const b = 1']])
    expect(unexplained(offered, texts)).toEqual(['functions/x/x.ts b'])
  })
})
