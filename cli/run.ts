/** Runs the command and turns what it throws into an exit code. */
import { type Command, CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { Ended, say } from './output.ts'
import { reasonOf } from './reason.ts'

/** Runs a command line; returns its exit code. */
export async function runProgram(program: Command, words: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners('error').includes(endWithReader)) stream.on('error', endWithReader)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof Ended) {
      if (error.message) say(error.message)
      return error.code
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    const fileFault = fileFaultOf(error)
    if (fileFault) {
      say(fileFault)
      return exitCodes.usage
    }
    say(reasonOf(error))
    if (process.env.DRYDOCK_DEBUG && error instanceof Error) say(error.stack ?? '')
    return exitCodes.error
  }
}

const fileFaults: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ENOENT: 'no such file or directory',
    EISDIR: 'is a directory, not a file',
    ENOTDIR: 'is not a directory',
    EACCES: 'cannot be read or written: permission denied',
  }),
)

/** What is wrong with a file named on the command line. */
function fileFaultOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return undefined
  const fault = fileFaults.get(String(error.code))
  if (fault === undefined) return undefined
  // An error from reading a directory carries no path.
  return 'path' in error ? `${String(error.path)}: ${fault}` : `a file named here ${fault}`
}

/** The reader of our output closed it, as `head` does: not an error. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
}
