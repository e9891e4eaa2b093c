/** One run of a document's step on a simulated node, whatever its platform. */
import { createHash } from 'node:crypto'
import type { Fault } from './faults.ts'
import type { FleetNode } from './model.ts'

export interface StepRun {
  readonly exitCode: number
  readonly result: Readonly<Record<string, unknown>>
  /** What follows the result on standard output. */
  readonly attachment?: string
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

/** A collection: what it tells, and the archive that follows. */
export function collect(
  node: FleetNode,
  changeId: string,
  done: (more: Readonly<Record<string, unknown>>) => StepRun,
): StepRun {
  const { hostId, packages, runningKernel, installedKernel, bootId } = node
  const content = Buffer.from(JSON.stringify({ hostId, packages, runningKernel, installedKernel, bootId }))
  const sha256 = createHash('sha256').update(content).digest('hex')
  const archive = `/var/lib/drydock/collected/${changeId}.tar.gz`
  return {
    ...done({ archive, sha256, bytes: content.length, files: 1, attached: true }),
    attachment: `${' '.repeat(24_000)}\n-----BEGIN DRYDOCK ARCHIVE-----\n${content.toString('base64')}\n-----END DRYDOCK ARCHIVE-----\n`,
  }
}
