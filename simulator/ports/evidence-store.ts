/** The evidence store in memory: the same rules as on S3, held to them by test/contract/evidence-store.ts. */
import { sha256 } from '../../functions/aws/node-crypto.ts'
import { isSameBytes } from '../../functions/evidence/index.ts'
import type { EvidenceStore, Files } from '../../functions/evidence/ports.ts'

/** A store that lives as long as the process; `objects` is what stands in it. */
export function memoryEvidenceStore(): EvidenceStore & Required<Files> & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>()
  return {
    objects,
    async create(path, bytes) {
      if (objects.has(path)) return 'exists'
      objects.set(path, Uint8Array.from(bytes))
      return 'created'
    },
    async replace(path, bytes, expected) {
      if (!isSameBytes(objects.get(path), expected)) return 'changed'
      objects.set(path, Uint8Array.from(bytes))
      return 'replaced'
    },
    read: async (path) => objects.get(path),
    digests: async (paths) =>
      paths.map((path) => {
        const bytes = path === undefined ? undefined : objects.get(path)
        return bytes && sha256.hex(bytes)
      }),
    list: async (prefix) => [...objects.keys()].filter((path) => path.startsWith(prefix)),
  }
}
