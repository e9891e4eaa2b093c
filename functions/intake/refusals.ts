/** Why input is refused: an answer to whoever sent it, never an exception. */

/** Why intake refuses a record, as a code that metrics and the refusals queue carry. */
export type RefusalCode =
  /** Nothing in it: an empty file, an empty list. */
  | 'EMPTY'
  /** Neither JSON nor JSON Lines. */
  | 'NOT_JSON'
  /** JSON of a shape that intake does not know. */
  | 'UNKNOWN_FORMAT'
  /** A known shape that reports no vulnerability: a coverage event, an SSM event, a configuration check. */
  | 'NOT_A_FINDING'
  /** A finding in which something needed is missing or of the wrong kind. */
  | 'UNREADABLE'
  | 'BAD_TIMESTAMP'
  /** No package manager has a package of such a name. */
  | 'BAD_PACKAGE_NAME'
  | 'BAD_PACKAGE_VERSION'
  /** Not exactly the id of an instance or a managed node. */
  | 'BAD_RESOURCE_ID'
  /** The event, the ARNs and the record name different accounts. */
  | 'FOREIGN_ACCOUNT'
  /** The event came from a source that sends no findings. */
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
