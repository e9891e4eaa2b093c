/** The SSM documents: all that ever runs on a host. */
import { CfnDocument } from 'aws-cdk-lib/aws-ssm'
import { Construct } from 'constructs'
import { documentContent, documentNames } from '../../documents/index.ts'

export class Documents extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id)
    for (const name of documentNames) {
      new CfnDocument(this, name.replace('Drydock-', ''), {
        name,
        documentType: 'Command',
        documentFormat: 'JSON',
        content: documentContent(name),
        updateMethod: 'NewVersion',
        targetType: '/',
      })
    }
  }
}
