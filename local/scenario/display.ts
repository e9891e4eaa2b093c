/** Progress for people: one line an event, and on a terminal one line at the bottom that moves. */
export interface Display {
  /** An event worth keeping. */
  line(text: string): void
  /** How things stand; replaces what stood there. Silent without a terminal. */
  status(text: string): void
  end(): void
}

export function makeDisplay(stream: NodeJS.WriteStream, isPlain: boolean, startMs = Date.now()): Display {
  const isLive = stream.isTTY === true && !isPlain
  let shown = ''
  const clear = () => {
    if (shown) stream.write('\r\u001b[2K')
  }
  const elapsed = () => `${((Date.now() - startMs) / 1000).toFixed(1).padStart(6)} s`
  return {
    line(text) {
      clear()
      stream.write(`${elapsed()}  ${text}\n`)
      if (isLive && shown) stream.write(shown)
    },
    status(text) {
      if (!isLive) return
      clear()
      shown = `${elapsed()}  ${text}`.slice(0, (stream.columns ?? 100) - 1)
      stream.write(shown)
    },
    end() {
      clear()
      shown = ''
    },
  }
}
