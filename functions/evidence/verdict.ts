/** What a verification takes and what it finds. */
import type { VerifierKey } from './keys.ts'
import type { Scope } from './manifest.ts'
import type { Sha256 } from './merkle.ts'
import type { VerifySignature } from './note.ts'
import type { PackScope } from './pack.ts'
import type { Files } from './ports.ts'
import type { Problem } from './problem.ts'

/** What a verification needs: files, keys, and the arithmetic as ports. */
export interface VerifyInput {
  readonly files: Files
  /** Keys that may have signed; at least one. */
  readonly keys: readonly VerifierKey[]
  readonly sha256: Sha256
  readonly verifySignature: VerifySignature
  /** A checkpoint kept earlier: the log must continue it. */
  readonly knownCheckpoint?: Uint8Array
}

/** What a pack's leaves prove of one change. */
export interface ChainProof {
  readonly changeId: string
  /** Leaves from before there were numbers: nothing shows that none of these is missing. */
  readonly unnumbered: number
  /** Leaves numbered up to the change's end, or so far. */
  readonly count: number
  /** Leaves numbered after the change had ended. */
  readonly after: number
  /** The change has ended, and `count` is how many leaves it had by then. */
  readonly isEnded: boolean
}

/** What a verification found. */
export interface Verdict {
  readonly ok: boolean
  /** Leaves in the log that the checkpoint signs: its tree size. */
  readonly size: number
  /** The log's name and its root in base64, from the checkpoint; absent without one. */
  readonly origin?: string
  readonly root?: string
  /** The given keys that signed the checkpoint: algorithm, name and key id. */
  readonly signedBy: readonly string[]
  /** Tree size of the known checkpoint, if the log was shown to continue it. */
  readonly knownSize?: number
  readonly scope: Scope | PackScope
  /** Leaves whose bytes were checked. */
  readonly leaves: number
  /** Changes that the entries in scope name; leaves without a change count as one. */
  readonly changes: number
  /** Only for a pack: what the leaves of each change prove of it, in the order in which the changes occur. */
  readonly chains?: readonly ChainProof[]
  /** Only for a pack: files that its leaves name by their hash, and that stand there. */
  readonly objects?: number
  /** The first bad item first. */
  readonly problems: readonly Problem[]
}
