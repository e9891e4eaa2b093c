/** Exports the change of a lazy log of SIZE leaves to DIRECTORY, and prints the milliseconds of CPU it took. */
import { exportEvidence } from '../cli/evidence-files.ts'
import { lazyLog, packChange } from './evidence-lazy-log.ts'

const [size = '', directory = ''] = process.argv.slice(2)
const log = await lazyLog(Number(size))
const before = process.cpuUsage()
await exportEvidence({ ...log, changeId: packChange, directory })
const { user, system } = process.cpuUsage(before)
process.stdout.write(String((user + system) / 1_000))
