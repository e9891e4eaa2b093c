import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesUnder, type SourceFile } from './source-files.ts'

interface Face {
  readonly room: string
  /** As its module declares it. */
  readonly name: string
  /** As the face calls it. */
  readonly called: string
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
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== '')
      .map((name) => {
        const [declared = '', called = declared] = name.split(' as ')
        return { room: folder, name: declared, called, from: `${folder}/${file}` }
      }),
  )
}

/** Whether a declaration of that name has a comment for readers right before it, or is the type of a schema that has one. */
const isExplained = (name: string, text: string) =>
  new RegExp(`\\*/\\n(?:export )?(?:async )?(?:const|function\\*?|interface|type|class) ${name}\\b`).test(text)

const sources = new Map(filesUnder(['functions'], '.ts').map(({ path, text }) => [path, text]))
const unexplained = (offered: readonly Face[], texts: ReadonlyMap<string, string>) =>
  offered
    .filter(({ name, from }) => !isExplained(name, texts.get(from) ?? ''))
    .map(({ name, from }) => `${from} ${name}`)

/** Rooms that later rooms stand on: what they offer has its users in tests until those come. */
const foundations = ['functions/people', 'functions/outcomes']

/** What no other room and no folder of the product imports from the face that offers it. */
function unused(offered: readonly Face[], users: readonly SourceFile[]): string[] {
  const wanted = new Set(
    users.flatMap((file) =>
      [...file.text.matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']+\/index\.ts)'/gm)].flatMap(
        ([, names = '', face = '']) => {
          const room = dirname(normalize(join(dirname(file.path), face)))
          return names.split(',').map((name) => `${room} ${name.trim().replace(/^type | as .*$/g, '')}`)
        },
      ),
    ),
  )
  return offered
    .filter(({ room }) => !foundations.includes(room))
    .map(({ room, called }) => `${room} ${called}`)
    .filter((name) => !wanted.has(name))
}

describe('what a room offers', () => {
  it('has a sentence for its reader', () => {
    expect(unexplained(faces.flatMap(offeredBy), sources)).toEqual([])
  })

  it('has a user in another room or folder of the product', () => {
    const users = filesUnder(['functions', 'cli', 'local', 'simulator', 'infra', 'bench', 'tools', 'documents'], '.ts')
    expect(unused(faces.flatMap(offeredBy), users)).toEqual([])
  })

  it('an export without a sentence or a user is a fault', () => {
    const offered = offeredBy({ path: 'functions/x/index.ts', text: "export { type A, b } from './x.ts'" })
    const texts = new Map([['functions/x/x.ts', '/** What A is. */\nexport interface A {}\n\nexport const b = 1']])
    expect(unexplained(offered, texts)).toEqual(['functions/x/x.ts b'])
    expect(unused(offered, [{ path: 'cli/x.ts', text: "import type { A } from '../functions/x/index.ts'" }])).toEqual([
      'functions/x b',
    ])
  })
})
