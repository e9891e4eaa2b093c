/** The documents as the simulator knows them: our own contents, their hashes and their parameters' patterns. */
import { createHash } from 'node:crypto'
import { documentContent, documentNames } from '../../documents/index.ts'

export interface FleetDocument {
  readonly name: string
  readonly version: string
  /** SHA-256 of the content, hex, as DescribeDocument gives it. */
  readonly hash: string
  readonly step: string
  /** Parameter name to its allowedPattern. */
  readonly parameters: Readonly<Record<string, string>>
  readonly content: string
}

const kebab = (name: string) =>
  name.replace('Drydock-', '').replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`)

export function ownDocuments(): FleetDocument[] {
  return documentNames.map((name) => {
    const document = documentContent(name)
    const content = JSON.stringify(document)
    return {
      name,
      version: '1',
      hash: createHash('sha256').update(content).digest('hex'),
      step: kebab(name),
      parameters: Object.fromEntries(
        Object.entries(document.parameters).map(([key, { allowedPattern }]) => [key, allowedPattern]),
      ),
      content,
    }
  })
}
