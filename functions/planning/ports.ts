/** What planning needs of SSM. */

export interface DocumentPin {
  readonly name: string
  /** A number, never $DEFAULT or $LATEST. */
  readonly version: string
  /** SHA-256, hex. */
  readonly hash: string
}

/** A write-once bucket that Windows nodes read. */
export interface OverrideLists {
  /** Stores a list under its name, unless it exists. */
  keep(list: { readonly yaml: string; readonly sha256: string }): Promise<void>
}

/** The current SSM documents. */
export interface DocumentPins {
  /** The document's current default version; undefined if there is no such document. */
  current(name: string): Promise<DocumentPin | undefined>
}
