/** Runs a command line in this process, and says what it printed and how it ended. */
import { vi } from 'vitest'
import { runCommandLine } from '../../cli/main.ts'

export async function runVerb(...words: readonly string[]) {
  const printed = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text)
      return true
    }),
  )
  try {
    return { status: await runCommandLine(words), ...printed }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
