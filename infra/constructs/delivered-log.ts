/** Names of logs that a service delivers: under this prefix they share one statement of the account's log policy, whose size is limited. */
import { Names } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html */
export const deliveredLog = (scope: Construct, service: 'states' | 'apigateway') =>
  `/aws/vendedlogs/${service}/${Names.uniqueResourceName(scope, { maxLength: 80 })}`
