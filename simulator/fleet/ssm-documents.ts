/** SSM's calls about documents: registering our own, their versions and hashes. */
import * as z from 'zod'
import { fail, type Operation, ok } from './answer.ts'
import { type FleetDocument, readDocument } from './documents.ts'

const Named = z.looseObject({ Name: z.string(), DocumentVersion: z.string().optional() })
const Create = z.looseObject({ Name: z.string().regex(/^[a-zA-Z0-9_.-]{3,128}$/), Content: z.string().min(1) })
const Update = Create.extend({ DocumentVersion: z.string().optional() })
const Default = z.looseObject({ Name: z.string(), DocumentVersion: z.string() })

export const documentOperations: Readonly<Record<string, Operation>> = {
  CreateDocument(fleet, input) {
    const { Name, Content } = Create.parse(input)
    if (fleet.documents.get(Name)) return fail('DocumentAlreadyExists', 'Document already exists.')
    const document = readDocument(Name, Content, '1')
    if (!document) return fail('InvalidDocumentContent', 'The content is not a document of schema 2.2.')
    fleet.documents.set(Name, document)
    return ok({ DocumentDescription: described(document, document, document) })
  },
  UpdateDocument(fleet, input) {
    const { Name, Content } = Update.parse(input)
    const latest = fleet.documents.get(Name, '$LATEST')
    const current = fleet.documents.get(Name)
    if (!latest || !current) return fail('InvalidDocument', 'The specified document does not exist.')
    const document = readDocument(Name, Content, String(Number(latest.version) + 1))
    if (!document) return fail('InvalidDocumentContent', 'The content is not a document of schema 2.2.')
    if (document.hash === latest.hash)
      return fail('DuplicateDocumentContent', 'The content is the same as that of the latest version.')
    fleet.documents.set(Name, document)
    return ok({ DocumentDescription: described(document, current, document) })
  },
  UpdateDocumentDefaultVersion(fleet, input) {
    const { Name, DocumentVersion } = Default.parse(input)
    if (!fleet.documents.get(Name)) return fail('InvalidDocument', 'The specified document does not exist.')
    if (!fleet.documents.setDefault(Name, DocumentVersion))
      return fail('InvalidDocumentVersion', 'The document version is not valid or does not exist.')
    return ok({ Description: { Name, DefaultVersion: DocumentVersion } })
  },
  DescribeDocument(fleet, input) {
    const { Name, DocumentVersion } = Named.parse(input)
    const current = fleet.documents.get(Name)
    const latest = fleet.documents.get(Name, '$LATEST')
    if (!current || !latest) return fail('InvalidDocument', 'The specified document does not exist.')
    const document = fleet.documents.get(Name, DocumentVersion)
    return document ? ok({ Document: described(document, current, latest) }) : fail('InvalidDocumentVersion', '')
  },
  GetDocument(fleet, input) {
    const { Name, DocumentVersion } = Named.parse(input)
    if (!fleet.documents.get(Name)) return fail('InvalidDocument', 'The specified document does not exist.')
    const document = fleet.documents.get(Name, DocumentVersion)
    if (!document) return fail('InvalidDocumentVersion', '')
    return ok({
      Name,
      DocumentVersion: document.version,
      Status: 'Active',
      Content: document.content,
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
    })
  },
}

const described = (document: FleetDocument, current: FleetDocument, latest: FleetDocument) => ({
  Name: document.name,
  DocumentVersion: document.version,
  DefaultVersion: current.version,
  LatestVersion: latest.version,
  Hash: document.hash,
  HashType: 'Sha256',
  Status: 'Active',
  DocumentType: 'Command',
  DocumentFormat: 'JSON',
  SchemaVersion: '2.2',
  PlatformTypes: [document.platformType],
  Parameters: Object.keys(document.parameters).map((Name) => ({ Name, Type: 'String' })),
})
