/** Splits many records over transactions: DynamoDB takes 100 items and 4 MB in one. */

/** Most items and characters per transaction; leaves room for the leaf and whatever moves with it. */
export const chunkMax = { items: 90, characters: 1_500_000 } as const

/**
 * Splits values, in order, into chunks of at most `chunkMax.items` values and `chunkMax.characters` characters of text;
 * a longer value gets a chunk of its own. The same values give the same chunks. `itemsOf`: items that a value takes, 1
 * or more.
 */
export function inChunks<Value>(
  values: readonly Value[],
  charactersOf: (value: Value) => number,
  itemsOf: (value: Value) => number = () => 1,
): Value[][] {
  const chunks: Value[][] = []
  let [items, characters] = [Number.POSITIVE_INFINITY, 0]
  for (const value of values) {
    const [own, length] = [itemsOf(value), charactersOf(value)]
    const chunk = chunks.at(-1)
    if (chunk && items + own <= chunkMax.items && characters + length <= chunkMax.characters) {
      chunk.push(value)
      items += own
      characters += length
      continue
    }
    chunks.push([value])
    items = own
    characters = length
  }
  return chunks
}
