/** The parameters of the documents: each an environment variable on the host, each with a tight pattern. */
import { installItemsMax } from '../functions/finding/index.ts'

export interface DocumentParameter {
  readonly type: 'String'
  readonly description: string
  readonly allowedPattern: string
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

const ulid = '^[0-9A-HJKMNP-TV-Z]{26}$'

/**
 * One `name=version` item in the grammars of dpkg and RPM, without any character special to a shell. A version ending
 * in `-` or `+` would tell apt to remove or add the package.
 */
const item = '[a-zA-Z0-9][a-zA-Z0-9.+_-]{0,127}=[a-zA-Z0-9]([a-zA-Z0-9.+~:^_-]{0,126}[a-zA-Z0-9~])?'

export const identifiers = {
  changeId: text('The change that this command belongs to.', ulid),
  intentId: text('The intent; a second delivery changes nothing.', ulid),
} as const

export const packageList = text(
  'Packages as name=version items, separated by single spaces.',
  `^(${item}( ${item}){0,${installItemsMax - 1}})?$`,
)

const update = 'KB[0-9]{6,8}=installed'

export const updateList = text(
  'Windows updates as KB=installed items, separated by single spaces.',
  `^(${update}( ${update}){0,${installItemsMax - 1}})?$`,
)

export const overrideSha256 = text('SHA-256 of the override list, which also names it.', '^[0-9a-f]{64}$')
export const overrideKey: DocumentParameter = {
  type: 'String',
  description: 'Key of the override list in our bucket.',
  allowedPattern: '^overrides/[0-9a-f]{64}[.]yaml$',
}
