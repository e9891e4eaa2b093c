/** Sessions of roles in the simulated accounts: STS AssumeRole into a spoke, in AWS's query protocol. */

export interface QueryAnswer {
  readonly status: number
  readonly xml: string
}

/** What a spoke's role asks for; `sessions` are handed out by AssumeRole. */
export interface SimulatedSpoke {
  readonly account: string
  readonly region: string
  readonly externalId: string
}

interface Session {
  readonly account: string
  readonly role: string
  readonly name: string
  readonly endsAtMs: number
}

export class Sessions {
  readonly spokes: SimulatedSpoke[] = []
  /** As the role's maximum session duration. */
  secondsMax = 3_600
  /** Roles assumed so far, oldest first. */
  readonly assumed: { readonly account: string; readonly role: string; readonly name: string }[] = []
  private readonly byKey = new Map<string, Session>()

  /** The account whose credentials signed a request; undefined when a session has run out. Keys that nobody handed out are the hub's. */
  accountOf(authorization: string, hub: string, nowMs: number): string | undefined {
    const key = /Credential=([^/]+)\//.exec(authorization)?.[1] ?? ''
    const session = this.byKey.get(key)
    if (!session) return key.startsWith('ASIA') ? undefined : hub
    return session.endsAtMs > nowMs ? session.account : undefined
  }

  assume(input: URLSearchParams, nowMs: number): QueryAnswer {
    const arn = input.get('RoleArn') ?? ''
    const [, account = '', role = '', region = ''] =
      /^arn:aws:iam::(\d{12}):role\/(drydock-(?:patch|inventory)-([a-z0-9-]+))$/.exec(arn) ?? []
    const spoke = this.spokes.find((one) => one.account === account && one.region === region)
    if (!spoke || spoke.externalId !== input.get('ExternalId'))
      return refused('AccessDenied', `not authorized to perform: sts:AssumeRole on resource: ${arn}`, 403)
    const name = input.get('RoleSessionName') ?? ''
    const seconds = Math.min(this.secondsMax, Number(input.get('DurationSeconds') ?? 3600))
    const key = `ASIA${account}${String(this.assumed.length).padStart(4, '0')}`
    this.byKey.set(key, { account, role, name, endsAtMs: nowMs + seconds * 1000 })
    this.assumed.push({ account, role, name })
    return {
      status: 200,
      xml: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>local</SecretAccessKey><SessionToken>${key}-token</SessionToken><Expiration>${new Date(nowMs + seconds * 1000).toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>${arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session</Arn><AssumedRoleId>AROALOCAL:session</AssumedRoleId></AssumedRoleUser></AssumeRoleResult><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></AssumeRoleResponse>`,
    }
  }
}

const refused = (code: string, message: string, status: number): QueryAnswer => ({
  status,
  xml: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>local</RequestId></ErrorResponse>`,
})
