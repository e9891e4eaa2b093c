/**
 * Runs a command again and again: `node tools/repeat.ts TIMES COMMAND...`, e.g. `node tools/repeat.ts 20 npm test`. One
 * line a run with its seconds; the first that fails ends it, and its output is kept and named.
 */
import { stopOnInterrupt } from './processes.ts'
import { loadText, runStep } from './steps.ts'

const [times, ...command] = process.argv.slice(2)
const count = Number(times)
if (!Number.isInteger(count) || count < 1 || command.length === 0) {
  process.stderr.write(`node tools/repeat.ts TIMES COMMAND...: TIMES is a whole number from 1, got "${times ?? ''}"\n`)
  process.exit(64)
}
stopOnInterrupt()
for (let run = 1; run <= count; run++) {
  const { isGood, seconds, logFile } = await runStep({ name: `repeat-${run}`, script: command.join(' ') })
  process.stdout.write(
    `${isGood ? 'ok    ' : 'FAILED'} ${run} of ${count} ${seconds.toFixed(1).padStart(6)} s; ${loadText()}\n`,
  )
  if (isGood) continue
  process.stdout.write(`its output is in ${logFile}\n`)
  process.exit(1)
}
