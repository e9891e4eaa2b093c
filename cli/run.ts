/** Runs the command and turns what it throws into an exit code. */
import { type Command, CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import { Ended, say } from './output.ts'

/** Runs a command line; returns its exit code. */
export async function runProgram(program: Command, words: readonly string[]): Promise<number> {
  process.stdout.on('error', endWithReader)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof Ended) {
      if (error.message) say(error.message)
      return error.code
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    say(error instanceof Error ? error.message : String(error))
    if (process.env.DRYDOCK_DEBUG && error instanceof Error) say(error.stack ?? '')
    return exitCodes.error
  }
}

/** Whoever read our output has enough of it, as `head` does: that is no error. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
}
