/** Why input is refused: a value, never an exception. */

/** Why intake refuses a record: a code for metrics and the refusals queue. */
export type RefusalCode =
  /** Empty: an empty file or list. */
  | 'EMPTY'
  /** Neither JSON nor JSON Lines. */
  | 'NOT_JSON'
  /** JSON of an unknown shape. */
  | 'UNKNOWN_FORMAT'
  /** A known shape without a vulnerability: a coverage event, an SSM event, a configuration check. */
  | 'NOT_A_FINDING'
  /** A finding with a required field missing or of the wrong kind. */
  | 'UNREADABLE'
  | 'BAD_TIMESTAMP'
  /** A name that is invalid for every package manager. */
  | 'BAD_PACKAGE_NAME'
  | 'BAD_PACKAGE_VERSION'
  /** Not the id of an instance or a managed node. */
  | 'BAD_RESOURCE_ID'
  /** The event, the ARNs and the record name different accounts. */
  | 'FOREIGN_ACCOUNT'
  /** The event is from a source that sends no findings. */
  | 'FOREIGN_SOURCE'
  | 'TOO_LARGE'
  | 'TOO_DEEP'

/** Why a record is refused, and where in it. */
export interface Refusal {
  readonly refused: RefusalCode
  /** In words: what was there, what was expected. Text from the input is quoted, cut and stripped. */
  readonly detail: string
  /** JSON path of what is wrong. */
  readonly at: string
}

export const refuse = (refused: RefusalCode, at: string, detail: string): Refusal => ({ refused, detail, at })
