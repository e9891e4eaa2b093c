/** The evidence store in a directory, with the rules of S3; test/contract/evidence-store.ts holds both to them. */
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { sha256 } from '../functions/aws/node-crypto.ts'
import { isSameBytes } from '../functions/evidence/index.ts'
import type { EvidenceStore, Files } from '../functions/evidence/ports.ts'

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
/** Error codes for a path without a file; the last three mean a link, a socket, and a path that is too long. */
const absentCodes = ['ENOENT', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG']
const isAbsent = (error: unknown) => absentCodes.includes(String(codeOf(error)))

/** A link does not count as a file, and a pipe must not block the reader. Windows has neither flag. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Opens a file, passes it to `use` and closes it; undefined if there is none. */
function withFile<Result>(path: string, use: (file: number) => Result): Result | undefined {
  let file: number | undefined
  try {
    file = openSync(path, openFlags)
    return use(file)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** One buffer for all files that are only hashed: a new one for each would cost over 100 MB on a large log. */
const buffer = new Uint8Array(65_536)

/** SHA-256 of an open file of any length, hex, read through the buffer; undefined for a pipe or a device. */
function digestOf(file: number): string | undefined {
  let length = readSync(file, buffer, 0, buffer.length, null)
  if (length === 0 && !fstatSync(file).isFile()) return undefined
  if (length < buffer.length) return sha256.hex(buffer.subarray(0, length))
  const hash = createHash('sha256')
  for (; length > 0; length = readSync(file, buffer, 0, buffer.length, null)) hash.update(buffer.subarray(0, length))
  return hash.digest('hex')
}

/** A store of files under a directory. `replace` guards against other writers of this process only. */
export function directoryEvidenceStore(directory: string): EvidenceStore & Required<Files> {
  const full = (path: string) => `${directory}${sep}${sep === '/' ? path : path.split('/').join(sep)}`

  const realFolders = new Set<string>([''])
  /** Path prefixes of walks that met only files and folders: no link leads out of them. */
  const plainPrefixes: string[] = []

  /** Whether a folder is reached without a link: what is behind a link is not in the directory. */
  function isReal(folder: string): boolean {
    if (realFolders.has(folder)) return true
    const isFolder = lstatSync(full(folder), { throwIfNoEntry: false })?.isDirectory() === true
    if (!isFolder || !isReal(parentOf(folder))) return false
    realFolders.add(folder)
    return true
  }

  const fileAt = <Result>(path: string, use: (file: number) => Result) =>
    plainPrefixes.some((prefix) => path.startsWith(prefix)) || isReal(parentOf(path))
      ? withFile(full(path), use)
      : undefined
  const read = (path: string): Uint8Array | undefined =>
    fileAt(path, (file) => (fstatSync(file).isFile() ? readFileSync(file) : undefined))

  /** Complete before it gets its name, so that a reader never sees half a file. */
  function written(path: string, bytes: Uint8Array): string {
    mkdirSync(dirname(full(path)), { recursive: true })
    const temporary = join(directory, `.${randomUUID()}`)
    writeFileSync(temporary, bytes)
    return temporary
  }

  return {
    async create(path, bytes) {
      const temporary = written(path, bytes)
      try {
        linkSync(temporary, full(path))
        return 'created'
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return 'exists'
        throw error
      } finally {
        rmSync(temporary)
      }
    },
    async replace(path, bytes, expected) {
      if (!isSameBytes(read(path), expected)) return 'changed'
      renameSync(written(path, bytes), full(path))
      return 'replaced'
    },
    read: async (path) => read(path),
    digests: async (paths) => paths.map((path) => (path === undefined ? undefined : fileAt(path, digestOf))),
    async list(prefix) {
      const folder = parentOf(prefix)
      if (!isReal(folder)) return []
      const top = folder === '' ? '' : `${folder}/`
      const { files, isPlain } = walk(full(folder), top)
      if (isPlain) plainPrefixes.push(top)
      return files.filter((path) => path.startsWith(prefix))
    },
  }
}

/**
 * The files below a folder, each after `prefix`; links count as neither files nor folders. `isPlain`: there is nothing
 * else.
 */
function walk(folder: string, prefix: string): { readonly files: string[]; readonly isPlain: boolean } {
  const files: string[] = []
  let isPlain = true
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`
    if (entry.isFile()) files.push(path)
    else if (entry.isDirectory()) {
      const below = walk(`${folder}${sep}${entry.name}`, `${path}/`)
      for (const file of below.files) files.push(file)
      isPlain &&= below.isPlain
    } else isPlain = false
  }
  return { files, isPlain }
}
