/** The bucket of override lists as simulated Windows nodes read it: each key is written once. */

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
