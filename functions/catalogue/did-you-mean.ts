/** "Did you mean": the known name at the smallest edit distance, if that is small. */
import { byText } from '../kit/by-text.ts'

function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [at, character] of [...left].entries()) {
    const next = [at + 1]
    for (const [index, other] of [...right].entries())
      next.push(
        Math.min((next[index] ?? 0) + 1, (row[index + 1] ?? 0) + 1, (row[index] ?? 0) + (character === other ? 0 : 1)),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

/** The nearest of `known` within a third of the word's length; ties go to the first in order. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, edits: distance(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((left, right) => left.edits - right.edits || byText(left.name, right.name))
  return best && best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.name : undefined
}
