/** An export's manifest: which leaves it has, each with its inclusion proof. */
import * as z from 'zod'
import { canonicalJson } from '../kit/json.ts'
import type { Entry } from './bundle.ts'
import { toBase64, utf8, utf8Text } from './bytes.ts'
import type { Sha256 } from './merkle.ts'
import type { Checkpoint } from './note.ts'
import { inclusionProof } from './proofs.ts'
import { type Levels, nodesOf } from './tiles.ts'

/** The path of the manifest. */
export const manifestPath = 'manifest.json'

const Scope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('log') }),
  z.strictObject({ kind: z.literal('change'), changeId: z.string().regex(/^[0-9A-Z]{26}$/) }),
])
/** The whole log, or (in exports made before packs) the leaves of one change beside the whole log's entries. */
export type Scope = z.infer<typeof Scope>

export interface IndexedEntry {
  readonly index: number
  readonly entry: Entry
}

/** The scope that a manifest names; undefined if the bytes are not a manifest. */
export function scopeOf(bytes: Uint8Array): Scope | undefined {
  try {
    const parsed = z.object({ scope: Scope }).safeParse(JSON.parse(utf8Text(bytes) ?? ''))
    return parsed.success ? parsed.data.scope : undefined
  } catch {
    return undefined
  }
}

interface ManifestInput {
  readonly sha256: Sha256
  readonly scope: Scope
  readonly checkpoint: Checkpoint
  readonly levels: Levels
  /** The leaves in scope. */
  readonly leaves: readonly IndexedEntry[]
}

/** The manifest's bytes: canonical, so that the same export is the same bytes (I17). A whole log needs no proofs. */
export function manifestOf({ sha256, scope, checkpoint, levels, leaves }: ManifestInput): Uint8Array {
  const { origin, size, root } = checkpoint
  const nodeAt = nodesOf(sha256, levels)
  return utf8(
    canonicalJson({
      schemaVersion: 1,
      scope,
      origin,
      size,
      root: toBase64(root),
      ...(scope.kind === 'log'
        ? {}
        : {
            leaves: leaves.map(({ index, entry }) => ({
              index,
              ...entry,
              proof: inclusionProof({ sha256, nodeAt, size }, index).map(toBase64),
            })),
          }),
    }),
  )
}
