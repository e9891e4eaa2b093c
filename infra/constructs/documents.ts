/** The SSM documents: all that ever runs on a host. */
import { CfnDocument } from 'aws-cdk-lib/aws-ssm'
import { Construct } from 'constructs'
import { documentContent, documentNames } from '../../documents/index.ts'
import { type OverrideListPlace, windowsDocuments } from '../../documents/windows.ts'

export interface DocumentsProps {
  /** The hub's bucket of override lists, in every account: a plan pins a document by the hash of its content. */
  readonly overrideLists: OverrideListPlace
}

export class Documents extends Construct {
  constructor(scope: Construct, id: string, { overrideLists }: DocumentsProps) {
    super(scope, id)
    const contents = {
      ...Object.fromEntries(documentNames.map((name) => [name, documentContent(name)])),
      ...windowsDocuments(overrideLists),
    }
    for (const [name, content] of Object.entries(contents)) {
      new CfnDocument(this, name.replace('Drydock-', ''), {
        name,
        documentType: 'Command',
        documentFormat: 'JSON',
        content,
        updateMethod: 'NewVersion',
        targetType: '/',
      })
    }
  }
}
