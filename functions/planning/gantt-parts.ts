/** Parts of a Gantt chart: escaped text, spans in words, ticks, and counts over time. */

/** How many are in work from this instant on. */
export interface Level {
  readonly at: number
  readonly count: number
}

/** Sums of seconds are not exact; an overlap of a microsecond does not count. */
const toleranceSeconds = 1e-6
/** The plot has no more points than this. */
const stepsMax = 1_200

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text escaped for XML; characters that XML 1.0 forbids become U+FFFD, https://www.w3.org/TR/xml/#charsets */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')

export const clipped = (text: string, charactersMax: number): string => {
  const characters = [...text]
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join('')}…`
}

/** To a tenth: enough for a picture, and the same bytes everywhere. */
export const round = (value: number): number => Math.round(value * 10) / 10

export const peakOf = (numbers: readonly number[]): number => numbers.reduce((most, one) => Math.max(most, one), 0)

/** `2 h 5 min`, `45 s`. */
export function span(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 120) return `${whole} s`
  const minutes = Math.round(whole / 60)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  const parts = [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : '']
  return parts.filter((part) => part !== '').join(' ')
}

const tickSeconds = [
  1, 5, 10, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
]

/** At most eleven round instants from 0 to the end. */
export function ticksOf(seconds: number): { readonly at: number; readonly label: string }[] {
  const step = tickSeconds.find((one) => seconds / one <= 10) ?? Math.ceil(seconds / 10 / 604_800) * 604_800
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => ({
    at: index * step,
    label: index === 0 ? '0' : span(index * step),
  }))
}

/** How many are in work over time; an end makes room for a start at the same instant. */
export function levelsOf(
  bars: readonly { readonly startSeconds: number; readonly durationSeconds: number }[],
): Level[] {
  const moments = bars.flatMap(({ startSeconds, durationSeconds }) => [
    { at: startSeconds, by: 1 },
    { at: Math.max(startSeconds, startSeconds + durationSeconds - toleranceSeconds), by: -1 },
  ])
  const steps: { at: number; count: number }[] = []
  let count = 0
  for (const { at, by } of moments.sort((left, right) => left.at - right.at || left.by - right.by)) {
    count += by
    const last = steps.at(-1)
    if (last && at - last.at <= toleranceSeconds) last.count = count
    else steps.push({ at, count })
  }
  return steps
}

/** Fewer steps with the same peaks, so that the lowest health is never smoothed away. */
export function columnsOf(steps: readonly Level[], seconds: number): readonly Level[] {
  if (steps.length <= stepsMax) return steps
  const width = seconds / (stepsMax / 2)
  const columns: { at: number; count: number }[] = []
  let before = 0
  for (const { at, count } of steps) {
    const start = Math.floor(at / width) * width
    const last = columns.at(-1)
    if (last && last.at === start) last.count = Math.max(last.count, count)
    else columns.push({ at: start, count: Math.max(count, before) })
    before = count
  }
  return columns
}
