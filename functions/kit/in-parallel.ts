/** Bounded concurrency over many items. */
import { DrydockError } from './errors.ts'

/**
 * Runs `work` on every item, at most `atOnceMax` at a time; results keep the order of the items.
 * After a failure nothing new starts, work in flight finishes, and the first error is thrown.
 *
 * @throws DrydockError DD1010 when `atOnceMax` is not a whole number of 1 or more, which would leave items undone.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnceMax: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  if (!(Number.isInteger(atOnceMax) && atOnceMax >= 1))
    throw new DrydockError('DD1010', `cannot run ${atOnceMax} items at once; give a whole number of 1 or more`)
  const results: Result[] = []
  const queue = items.entries()
  let failure: { readonly error: unknown } | undefined
  async function worker() {
    for (const [index, item] of queue) {
      if (failure) return
      try {
        results[index] = await work(item, index)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, worker))
  if (failure) throw failure.error
  return results
}
