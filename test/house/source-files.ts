/** The files of the project as the house tests read them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string
  readonly text: string
}

const leftOut = /node_modules|cdk\.out|[/\\]\.|[/\\]fixtures[/\\]/

/** Every file under the folders whose name ends in one of the endings. */
export function filesUnder(folders: readonly string[], ...endings: readonly string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !leftOut.test(`/${path}`))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

export const productFolders = [
  'functions',
  'infra',
  'cli',
  'local',
  'simulator',
  'tools',
  'policy',
  'documents',
  'bench',
  'oracles',
]

const notCode = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** The code alone: comments and the insides of texts are blanked, line breaks stay. */
export const codeOf = (text: string): string => text.replace(notCode, (match) => `''${match.replace(/[^\n]/g, '')}`)

export const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** What a module imports: each specifier, and for a relative one the file it means. */
export function importsOf({ path, text }: SourceFile): { readonly specifier: string; readonly target?: string }[] {
  const found = [
    ...text.matchAll(
      /^(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
    ),
  ]
  return found.map(([, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? ''
    if (!specifier.startsWith('.')) return { specifier }
    return { specifier, target: join(dirname(path), specifier).replaceAll('\\', '/') }
  })
}
