/** What planning needs of SSM. */

export interface DocumentPin {
  readonly name: string
  /** A number, never $DEFAULT or $LATEST. */
  readonly version: string
  /** SHA-256, hex. */
  readonly hash: string
}

/** A bucket that is written once, which Windows nodes read. */
export interface OverrideLists {
  /** Keeps a list under its name, unless it stands there already. */
  keep(list: { readonly yaml: string; readonly sha256: string }): Promise<void>
}

/** The SSM documents as they stand now. */
export interface DocumentPins {
  /** The document's default version as it stands now; undefined: there is no such document. */
  current(name: string): Promise<DocumentPin | undefined>
}
