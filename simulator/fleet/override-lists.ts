/**
 * The bucket of override lists as simulated Windows nodes read it: each key is written once.
 *
 * The planner of the same process fills it. A fleet behind HTTP has no way to the emulator's bucket: there an install on a
 * Windows node ends with 153, as on a node whose role may not read the bucket.
 */

export class OverrideListStore {
  private readonly texts = new Map<string, string>()

  /** False when something stands under the key already. */
  create(key: string, text: string): boolean {
    if (this.texts.has(key)) return false
    this.texts.set(key, text)
    return true
  }

  text(key: string): string | undefined {
    return this.texts.get(key)
  }

  /** The updates that a list names; undefined where there is no such list. */
  updatesIn(key: string): readonly string[] | undefined {
    return this.text(key)
      ?.split('\n')
      .flatMap((line) => /^ {2}- id: (KB\d+)$/.exec(line)?.[1] ?? [])
  }
}
