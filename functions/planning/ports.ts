/** What planning needs of SSM. */

export interface DocumentPin {
  readonly name: string
  /** A number, never $DEFAULT or $LATEST. */
  readonly version: string
  /** SHA-256, hex. */
  readonly hash: string
}

export interface DocumentPins {
  /** The document's default version as it stands now; undefined: there is no such document. */
  current(name: string): Promise<DocumentPin | undefined>
}
