/** The evidence store in memory and in a directory: the same rules as on S3, held to them by test/contract/evidence-store.ts. */
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  linkSync,
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
import { sha256 } from '../../functions/aws/node-crypto.ts'
import type { EvidenceStore, Files } from '../../functions/evidence/ports.ts'

const isSame = (left: Uint8Array | undefined, right: Uint8Array | undefined) =>
  left && right ? Buffer.compare(left, right) === 0 : left === right

/** A store that lives as long as the process; `objects` is what stands in it. */
export function memoryEvidenceStore(): EvidenceStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>()
  return {
    objects,
    async create(path, bytes) {
      if (objects.has(path)) return 'exists'
      objects.set(path, Uint8Array.from(bytes))
      return 'created'
    },
    async replace(path, bytes, expected) {
      if (!isSame(objects.get(path), expected)) return 'changed'
      objects.set(path, Uint8Array.from(bytes))
      return 'replaced'
    },
    read: async (path) => objects.get(path),
    list: async (prefix) => [...objects.keys()].filter((path) => path.startsWith(prefix)).sort(),
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
const isAbsent = (error: unknown) => ['ENOENT', 'EISDIR', 'ENOTDIR'].includes(String(codeOf(error)))

/** One buffer for all files that are only hashed: a new one for each is 100 MB and more for a large log. */
let buffer = new Uint8Array(65_536)

/** SHA-256 of a file, hex; undefined where none stands. */
function digestOf(path: string): string | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    let length = readSync(file, buffer, 0, buffer.length, 0)
    while (length === buffer.length) {
      const larger = new Uint8Array(2 * buffer.length)
      larger.set(buffer)
      buffer = larger
      length += readSync(file, buffer, length, buffer.length - length, length)
    }
    return sha256.hex(buffer.subarray(0, length))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** A store of files under a directory. `replace` guards against other writers of this process only. */
export function directoryEvidenceStore(directory: string): EvidenceStore & Required<Files> {
  const full = (path: string) => `${directory}${sep}${sep === '/' ? path : path.split('/').join(sep)}`

  function read(path: string): Uint8Array | undefined {
    try {
      return readFileSync(full(path))
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  /** The file is whole before it gets its name: a reader never sees half of it. */
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
      if (!isSame(read(path), expected)) return 'changed'
      renameSync(written(path, bytes), full(path))
      return 'replaced'
    },
    read: async (path) => read(path),
    digests: async (paths) => paths.map((path) => digestOf(full(path))),
    async list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
      return filesBelow(full(folder), folder)
        .filter((path) => path.startsWith(prefix))
        .sort()
    },
  }
}

/** Paths of the files below a folder, each after `prefix`; links are no files. */
function filesBelow(folder: string, prefix: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
      return entry.isFile() ? [`${prefix}${entry.name}`] : []
    })
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
