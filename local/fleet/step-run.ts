/** One run of a document's step on a simulated node, whatever its platform. */
import { createHash } from 'node:crypto'
import type { Fault } from './faults.ts'
import type { FleetNode } from './model.ts'

export interface StepRun {
  readonly exitCode: number
  readonly result: Readonly<Record<string, unknown>>
}

export interface StepInput {
  /** `name=version` items. */
  readonly packages: string
  readonly changeId: string
  readonly fault: Fault['fault'] | undefined
  readonly nowMs: number
  readonly newBootId: () => string
  /** Updates of the override list; absent where the node cannot fetch the list. */
  readonly listed?: readonly string[] | undefined
}

/** What a collect step says that it kept. */
export const archiveOf = (node: FleetNode, changeId: string) => ({
  archive: `/var/lib/drydock/collected/${changeId}.tar.gz`,
  sha256: createHash('sha256').update(`${node.hostId}${changeId}`).digest('hex'),
  bytes: 20_480,
  files: 9,
})
