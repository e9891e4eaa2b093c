/** Progress for people: one line an event, and on a terminal a block at the bottom that shows how things stand. */
import { visible } from '../../functions/kit/display-text.ts'

export interface Display {
  /** An event worth keeping. */
  line(text: string): void
  /** How things stand, a line for each thing; replaces what stood there. Silent without a terminal. */
  status(lines: readonly string[]): void
  end(): void
}

const barCells = 20

/** `3 of 4` as a count and a bar; the count first, for a narrow terminal cuts the line. */
export function bar(done: number, of: number): string {
  const full = of === 0 ? 0 : Math.round((done / of) * barCells)
  return `${`${done}/${of}`.padStart(6)} ${'█'.repeat(full)}${'░'.repeat(barCells - full)}`
}

/** Whether a stream is a terminal on which lines can be taken back. */
export const isLiveTerminal = (stream: NodeJS.WriteStream, terminal: string | undefined): boolean =>
  stream.isTTY === true && terminal !== 'dumb'

/** `nowMs` is the time that is shown, from when the display is made on. */
export function makeDisplay(
  stream: NodeJS.WriteStream,
  isPlain: boolean,
  nowMs: () => number = () => Date.now(),
): Display {
  const isLive = !isPlain && isLiveTerminal(stream, process.env.TERM)
  let block: readonly string[] = []
  let drawn = 0
  const startMs = nowMs()
  const elapsed = () => `${((nowMs() - startMs) / 1000).toFixed(1).padStart(6)} s`
  const clear = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`)
    drawn = 0
  }
  const draw = () => {
    const width = (stream.columns ?? 100) - 1
    for (const line of block) stream.write(`${[...line].slice(0, width).join('')}\n`)
    drawn = block.length
  }
  return {
    line(text) {
      clear()
      stream.write(`${elapsed()}  ${visible(text)}\n`)
      draw()
    },
    status(lines) {
      if (!isLive) return
      clear()
      block = lines.length > 0 ? ['', `${elapsed()}  now`, ...lines.map((line) => `          ${line}`)] : []
      draw()
    },
    end() {
      clear()
      block = []
    },
  }
}
