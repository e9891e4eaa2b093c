/** What SendCommand refuses, with the error names of the API reference. */
import type { SendInput } from './commands.ts'
import type { FleetDocument } from './documents.ts'

export interface Refusal {
  readonly error: string
  readonly message: string
}

/** A document, or a version of one, that does not exist. */
export const noDocument = ({ documentName, documentVersion }: SendInput, isNameKnown: boolean): Refusal =>
  isNameKnown
    ? { error: 'InvalidDocumentVersion', message: `Version ${documentVersion} does not exist.` }
    : { error: 'InvalidDocument', message: `Document ${documentName} does not exist.` }

/** SendCommand takes at most 50 instance ids. */
const hostsMax = 50
const commentMax = 100

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
export function refusalOf(
  input: SendInput,
  document: FleetDocument,
  isKnown: (hostId: string) => boolean,
): Refusal | undefined {
  const { hostIds, comment, documentHash } = input
  if (documentHash !== undefined && documentHash !== document.hash)
    return { error: 'InvalidDocument', message: 'The document hash does not match the hash of the document.' }
  if (hostIds.length === 0 || hostIds.length > hostsMax)
    return {
      error: 'ValidationException',
      message: `1 validation error detected: Value at 'instanceIds' failed to satisfy constraint: Member must have length between 1 and ${hostsMax}, got ${hostIds.length}`,
    }
  if (comment.length > commentMax)
    return {
      error: 'ValidationException',
      message: `1 validation error detected: Value at 'comment' failed to satisfy constraint: Member must have length less than or equal to ${commentMax}`,
    }
  if (new Set(hostIds).size !== hostIds.length)
    return { error: 'DuplicateInstanceId', message: 'You cannot specify an instance ID in more than one place.' }
  const unknown = hostIds.filter((hostId) => !isKnown(hostId))
  if (unknown.length > 0)
    return {
      error: 'InvalidInstanceId',
      message: `Instances [[${unknown.join(', ')}]] not in a valid state for account 123456789012`,
    }
  return parameterRefusal(input.parameters, document)
}

function parameterRefusal(parameters: SendInput['parameters'], document: FleetDocument): Refusal | undefined {
  const refused = (message: string): Refusal => ({ error: 'InvalidParameters', message })
  const missing = Object.keys(document.parameters).filter((name) => parameters[name] === undefined)
  if (missing.length > 0) return refused(`Parameters are missing: ${missing.join(', ')}`)
  for (const [name, values] of Object.entries(parameters)) {
    const pattern = document.parameters[name]
    if (pattern === undefined) return refused(`Document ${document.name} does not have a parameter ${name}`)
    if (values.length !== 1) return refused(`Parameter "${name}" takes one value, got ${values.length}`)
    if (values.some((value) => !new RegExp(pattern).test(value)))
      return refused(`Parameter "${name}" has value that does not match the allowed pattern ${pattern}`)
  }
  return undefined
}
