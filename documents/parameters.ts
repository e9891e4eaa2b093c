/** The parameters of the documents: each an environment variable on the host, each with a tight pattern. */
import { installItemsMax } from '../functions/finding/index.ts'

/** One parameter of an SSM document, by AWS's schema 2.2. */
export interface DocumentParameter {
  readonly type: 'String'
  readonly description: string
  /** A regular expression of RE2, which SSM Agent compiles before the first step runs. */
  readonly allowedPattern: string
  /** Greatest length in characters, for patterns that set none themselves. */
  readonly maxChars?: number
  /**
   * Absent only for values that the agent itself substitutes into another document's parameter: hexadecimal, never seen
   * by our shell.
   */
  readonly interpolationType?: 'ENV_VAR'
}

const text = (description: string, allowedPattern: string): DocumentParameter => ({
  type: 'String',
  description,
  allowedPattern,
  interpolationType: 'ENV_VAR',
})

const list = (description: string, one: string, oneCharsMax: number): DocumentParameter => ({
  // RE2 refuses repetitions that multiply beyond 1,000, so the script counts the items.
  ...text(description, `^(${one}( ${one})*)?$`),
  maxChars: installItemsMax * (oneCharsMax + 1) - 1,
})

const ulid = '^[0-9A-HJKMNP-TV-Z]{26}$'

/**
 * One `name=version` item in the grammars of dpkg and RPM, without any character special to a shell. A version ending
 * in `-` or `+` would tell apt to remove or add the package.
 */
const item = '[a-zA-Z0-9][a-zA-Z0-9.+_-]{0,127}=[a-zA-Z0-9]([a-zA-Z0-9.+~:^_-]{0,126}[a-zA-Z0-9~])?'
const itemCharsMax = 257

/** What every document takes: the change and the intent, both ULIDs. */
export const identifiers = {
  changeId: text('The change that this command belongs to.', ulid),
  intentId: text('The intent; a second delivery changes nothing.', ulid),
} as const

/** Packages of Linux hosts, as `name=version` items. */
export const packageList = list('Packages as name=version items, separated by single spaces.', item, itemCharsMax)

const update = 'KB[0-9]{6,8}=installed'

/** Updates of Windows hosts, as `KB=installed` items. */
export const updateList = list('Windows updates as KB=installed items, separated by single spaces.', update, 20)

/** The digest of an override list. */
export const overrideSha256 = text('SHA-256 of the override list, which also names it.', '^[0-9a-f]{64}$')
/** The one parameter that is substituted as text: 64 hexadecimal digits in a fixed frame. */
export const overrideKey: DocumentParameter = {
  type: 'String',
  description: 'Key of the override list in our bucket.',
  allowedPattern: '^overrides/[0-9a-f]{64}[.]yaml$',
}
