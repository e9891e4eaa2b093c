/** Version and hash of our documents as SSM has them now. */
import { DescribeDocumentCommand, InvalidDocument, SSMClient } from '@aws-sdk/client-ssm'
import type { DocumentPins } from '../planning/ports.ts'
import { clientSettings } from './runtime.ts'

export function ssmDocumentPins(client = new SSMClient(clientSettings)): DocumentPins {
  return {
    async current(name) {
      try {
        const { Document } = await client.send(new DescribeDocumentCommand({ Name: name }))
        if (!Document?.Hash || !Document.DocumentVersion || Document.Status !== 'Active') return undefined
        return { name, version: Document.DocumentVersion, hash: Document.Hash }
      } catch (error) {
        if (error instanceof InvalidDocument) return undefined
        throw error
      }
    },
  }
}
