/** Starts the AWS emulator for the suites that run on it, unless DRYDOCK_AWS_ENDPOINT names one already. */
import { startEmulator } from '../../local/emulator.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

export async function setup() {
  if (process.env.DRYDOCK_AWS_ENDPOINT) return undefined
  try {
    const emulator = await startEmulator(say)
    process.env.DRYDOCK_AWS_ENDPOINT = emulator.endpoint
    return () => emulator.stop()
  } catch (error) {
    // A machine that must prove everything must not prove less in silence.
    if (process.env.CI) throw error
    say(`the suites on AWS are skipped: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
