/** The HTTP API: approval pages by link, the console for signed-in people only. */
import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  HttpApi,
  HttpMethod,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { DrydockConfig } from '../config.ts'
import { deliveredLog } from './delivered-log.ts'

export class ConsoleApi extends Construct {
  readonly url: string

  constructor(
    scope: Construct,
    id: string,
    { config, console, dataKey }: { readonly config: DrydockConfig; readonly console: Lambda; readonly dataKey: IKey },
  ) {
    super(scope, id)
    const api = new HttpApi(this, 'Resource', {
      description: 'Drydock console and approval pages',
      createDefaultStage: false,
    })
    const log = new LogGroup(this, 'AccessLog', {
      logGroupName: deliveredLog(this, 'apigateway'),
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: dataKey,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    api.addStage('Live', {
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      // No query string and no referrer: nothing that could carry a secret.
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            at: '$context.requestTime',
            method: '$context.httpMethod',
            path: '$context.path',
            status: '$context.status',
            ip: '$context.identity.sourceIp',
          }),
        ),
      },
    })
    const integration = new HttpLambdaIntegration('Console', console, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    })
    const authorizer = this.authorizer(config)
    for (const path of ['/approve', '/approve/{proxy+}'])
      api.addRoutes({ path, methods: [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST], integration })
    for (const path of ['/', '/{proxy+}'])
      api.addRoutes({ path, methods: [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST], integration, authorizer })
    this.url = config.consoleUrl ?? api.apiEndpoint
    new CfnOutput(this, 'Url', { value: api.apiEndpoint, key: 'ConsoleUrl' })
  }

  private authorizer(config: DrydockConfig): IHttpRouteAuthorizer {
    if (config.consoleSignIn.kind === 'iam') return new HttpIamAuthorizer()
    return new HttpJwtAuthorizer('SignIn', config.consoleSignIn.issuer, {
      jwtAudience: [...config.consoleSignIn.audience],
    })
  }
}
