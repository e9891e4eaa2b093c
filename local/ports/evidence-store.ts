/** The evidence store in memory and in a directory: the same rules as on S3, held to them by test/contract/evidence-store.ts. */
import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { EvidenceStore } from '../../functions/evidence/ports.ts'

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

/** A store of files under a directory. `replace` guards against other writers of this process only. */
export function directoryEvidenceStore(directory: string): EvidenceStore {
  const full = (path: string) => join(directory, ...path.split('/'))

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
    async list(prefix) {
      try {
        return readdirSync(directory, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(directory.length).split(sep).join('/'))
          .map((path) => path.replace(/^\/+/, ''))
          .filter((path) => path.startsWith(prefix))
          .sort()
      } catch (error) {
        if (isAbsent(error)) return []
        throw error
      }
    },
  }
}
