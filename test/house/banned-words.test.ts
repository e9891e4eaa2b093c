import { describe, expect, it } from 'vitest'
import { codeOf, filesUnder, lineOf, productFolders, type SourceFile } from './source-files.ts'

interface Ban {
  readonly what: string
  /** Searched in the code, with comments and texts blanked. */
  readonly pattern: RegExp
  readonly instead: string
  readonly folders: readonly string[]
  readonly except?: RegExp
}

const rooms = ['functions']
/** Where tables have keys from outside. */
const tableFolders = ['functions', 'simulator']
const castFolders = ['functions', 'infra', 'cli']

const bans: readonly Ban[] = [
  {
    what: 'Math.random',
    pattern: /\bMath\.random\b/g,
    instead: 'take randomness as a value or a port',
    folders: productFolders,
  },
  {
    what: 'import { z }',
    pattern: /\bimport\s*(?:type\s*)?\{[^}]*\bz\b[^}]*\}\s*from ''/g,
    instead: "import * as z from 'zod'",
    folders: [...productFolders, 'test'],
  },
  {
    what: 'a default export',
    pattern: /\bexport\s+default\b/g,
    instead: 'a named export',
    folders: [...productFolders, 'test'],
  },
  { what: 'export *', pattern: /\bexport\s*\*/g, instead: 'named exports', folders: [...productFolders, 'test'] },
  {
    what: 'an enum',
    pattern: /^\s*(?:export\s+)?(?:const\s+)?enum\s+\w/gm,
    instead: 'a union of literals',
    folders: [...productFolders, 'test'],
  },
  {
    what: 'any',
    pattern: /[:<|&(,=]\s*any\b(?!\s*(?:[(:?.]|=>))|\bas any\b/g,
    instead: 'unknown and a schema',
    folders: productFolders,
  },
  {
    what: 'a cast',
    pattern: /(?<![{,*]\s*\w*)\sas\s+(?!const\b)[A-Za-z_{[(]/g,
    instead: 'a schema, a type guard or satisfies',
    folders: castFolders,
  },
  {
    what: 'a non-null assertion',
    pattern: /[\w)\]]!(?=[.,;)\]\s[])(?!\s*=)/g,
    instead: 'a check that names what is missing',
    folders: castFolders,
  },
  {
    what: 'console.log',
    pattern: /\bconsole\.(?:log|error|warn)\b/g,
    instead: 'the logger of kit/lambda-handler.ts',
    folders: rooms,
  },
  {
    what: 'process.env',
    pattern: /\bprocess\.env\b/g,
    instead: 'a setting of aws/configuration.ts',
    folders: [...rooms, 'simulator'],
    except: /^functions\/aws\/configuration\.ts$/,
  },
  {
    what: 'a write to process.env',
    pattern: /\bprocess\.env(?:\.\w+|\[[^\]]*\])?\s*(?:\?\?|\|\|)?=(?!=)|\bObject\.assign\(\s*process\.env\b/g,
    instead: 'a configuration of your own',
    folders: productFolders,
  },
  {
    what: 'z.record with any key',
    pattern: /\bz\s*\.record\(\s*z\s*\.string\(\)\s*,/g,
    instead: 'tableOf of kit/table.ts, which loses no key, or a grammar of the keys',
    folders: tableFolders,
    except: /^functions\/kit\/table\.ts$/,
  },
  {
    what: 'a member looked up by a name from elsewhere',
    pattern:
      /\b(?:have|installed|previous\w*|packages(?:ByHost)?|versions|tags|unavailableMaxByZone|table)\[(?!['"\d])[A-Za-z_$][\w.$]*\](?!\s*=[^=])/g,
    instead: 'ownValue of kit/table.ts, or a Map',
    folders: tableFolders,
    except: /^functions\/kit\/table\.ts$/,
  },
  {
    what: 'a text order by hand',
    pattern: /<\s*\(*[\w.?]+(?:\s*\?\?\s*'')?\)*\s*\?\s*(?:-1\s*:|1\s*:\s*-1\b)/g,
    instead: 'byText, byTextOf or byKey of kit/by-text.ts',
    folders: productFolders,
    // Due dates of the scheduler are numbers, and infinite where there is none: no difference tells their order.
    except: /^functions\/(?:kit\/by-text|scheduling\/kinds)\.ts$/,
  },
  {
    what: 'the beginning of a leaf by hand',
    pattern: /\bleafId: [\w.]*\bids\.next\(\)/g,
    instead: 'evidenceBy of kit/evidence-by.ts',
    folders: productFolders,
    except: /^functions\/kit\/evidence-by\.ts$/,
  },
  {
    what: 'a retry by hand',
    pattern: /\bfor \(let tries\b/g,
    instead: 'retried of kit/retried.ts',
    folders: rooms,
    // The bus wants a pause between tries, a driver that never wins waits and does not fail, a search tries orders of hosts.
    except: /^functions\/(?:kit\/retried|aws\/import-bus|driver\/choose-next-step|scheduling\/insert)\.ts$/,
  },
  { what: 'vi.mock', pattern: /\bvi\.(?:mock|stubGlobal)\b/g, instead: 'a port in memory', folders: ['test'] },
  {
    what: 'a snapshot',
    pattern: /\btoMatch(?:Inline)?Snapshot\b/g,
    instead: 'the property that matters',
    folders: ['test'],
  },
  {
    what: 'a test that runs alone',
    pattern: /\b(?:it|test|describe)\.only\b/g,
    instead: 'all of them',
    folders: ['test'],
  },
]

/** An import or export list may rename; a cast may not. */
const withoutImports = (code: string) =>
  code.replace(/^(?:import|export)\b[^;]*?\bfrom ''/gm, (match) => match.replace(/ as /g, ' to '))

function faultsOf(ban: Ban, { path, text }: SourceFile): string[] {
  if (ban.except?.test(path)) return []
  const code = ban.what === 'a cast' ? withoutImports(codeOf(text)) : codeOf(text)
  return [...code.matchAll(ban.pattern)].map(
    (match) => `${path}:${lineOf(code, match.index + match[0].search(/\S/))} has ${ban.what}: write ${ban.instead}`,
  )
}

describe('banned words', () => {
  it.each(bans.map((ban) => [ban.what, ban] as const))('no file has %s', (_, ban) => {
    expect(filesUnder(ban.folders, '.ts', '.mjs').flatMap((file) => faultsOf(ban, file))).toEqual([])
  })

  it('no file silences the type checker', () => {
    // A type test shows what must not compile.
    const typeTests = ['test/infra/needs.test.ts']
    const silenced = filesUnder([...productFolders, 'test'], '.ts').filter(
      ({ path, text }) =>
        !path.startsWith('test/house/') &&
        !typeTests.includes(path) &&
        /@ts-(?:ignore|nocheck|expect-error)/.test(text),
    )
    expect(silenced.map(({ path }) => path)).toEqual([])
  })

  it('no test title says "should"', () => {
    const titles = /\b(?:it|test)(?:\.\w+)*\(\s*(['"`])(?:(?!\1).)*\bshould\b/
    const faults = filesUnder(['test'], '.test.ts').filter(
      ({ path, text }) => !path.startsWith('test/house/') && titles.test(text),
    )
    expect(faults.map(({ path }) => path)).toEqual([])
  })

  const planted: readonly [string, string][] = [
    ['Math.random', 'const seed = Math.random()'],
    ['import { z }', "import { z } from 'zod'"],
    ['a default export', 'export default 1'],
    ['export *', "export * from './x.ts'"],
    ['an enum', 'export enum Colour { red }'],
    ['any', 'const x: any = 1'],
    ['any', 'const x: Map<string, any> = y'],
    ['a cast', 'const x = y as Change'],
    ['a cast', 'const x = (y as unknown as { a: string }).a'],
    ['a non-null assertion', 'const x = y[0]!.z'],
    ['process.env', 'const x = process.env.HOME'],
    ['a write to process.env', 'Object.assign(process.env, { A: 1 })'],
    ['a write to process.env', 'process.env[name] = value'],
    ['a write to process.env', 'process.env.HOME ??= 1'],
    ['console.log', 'console.log(1)'],
    ['z.record with any key', 'const Hosts = z.record(z.string(), Host)'],
    ['a member looked up by a name from elsewhere', 'const was = have[name]'],
    ['a text order by hand', 'ids.sort((left, right) => (left < right ? -1 : 1))'],
    ['a text order by hand', "all.sort((one, two) => ((one.at ?? '') < (two.at ?? '') ? 1 : -1))"],
    ['the beginning of a leaf by hand', 'const by = { leafId: ports.ids.next(), at }'],
    ['a retry by hand', 'for (let tries = 0; tries < 5; tries++) if (await tryOnce()) return'],
    ['a member looked up by a name from elsewhere', 'const was = plan.previousVersions[host.id]'],
  ]
  it.each(planted)('the ban on %s catches: %s', (what, text) => {
    const ban = bans.find((entry) => entry.what === what)
    expect(ban && faultsOf(ban, { path: 'functions/x/y.ts', text })).toHaveLength(text.includes('unknown as') ? 2 : 1)
  })

  it.each([
    'const x = [1] as const',
    "import * as z from 'zod'",
    "import { a as b, type C } from './x.ts'",
    "export { a as b } from './x.ts'",
    "// such as any cast, x as Y\nconst text = 'as Z, any!'",
    'if (a !== b && !c) d(!e)',
    'const anyChange = (any: string) => any',
  ])('no ban catches: %s', (text) => {
    expect(bans.flatMap((ban) => faultsOf(ban, { path: 'functions/x/y.ts', text }))).toEqual([])
  })
})
