/** What the bundles and the stacks are made of, as one name: what was made under it once is as good as made again. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './processes.ts'

const folders = ['documents', 'functions', 'infra', 'policy', 'statemachines', 'tools']

/** Beside the sources: what is installed, and how it is read. */
const files = [
  'cdk.json',
  'node_modules/.package-lock.json',
  'package-lock.json',
  'package.json',
  'tsconfig.infra.json',
  'tsconfig.json',
]

/** Whether a change of this file, by its path from the project's root, changes the name. */
export const isSource = (path: string): boolean =>
  files.includes(path) || folders.some((folder) => path.startsWith(`${folder}/`))

function sourcePaths(root: string): string[] {
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  )
  return [...inFolders, ...files.filter((path) => existsSync(join(root, path)))].sort()
}

/**
 * The name of the sources as they are: 24 hex digits of SHA-256 over each path and content, Node's version, and `extra`.
 *
 * @param extra what else goes into what is made, e.g. a context.
 */
export function sourcesName(extra = '', root = projectRoot): string {
  const hash = createHash('sha256').update(JSON.stringify([process.version, extra]))
  for (const path of sourcePaths(root)) {
    const content = readFileSync(join(root, path))
    hash.update(JSON.stringify([path, content.length])).update(content)
  }
  return hash.digest('hex').slice(0, 24)
}
