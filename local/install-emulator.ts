/** Installs the AWS emulator before suites start that use it at once; says loudly where it cannot be had, and fails there in CI. */
import { installEmulator } from './emulator.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
try {
  await installEmulator(say)
} catch (error) {
  say(`*** the suites on the AWS emulator CANNOT RUN: ${error instanceof Error ? error.message : String(error)} ***`)
  if (process.env.CI) process.exitCode = 1
}
