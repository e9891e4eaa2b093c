/** Events as Inspector and Security Hub put them on the bus, for the local scenario; the text is our own. */

/** One entry of EventBridge PutEvents. */
export interface BusEntry {
  readonly Source: string
  readonly DetailType: string
  /** JSON. */
  readonly Detail: string
  readonly Resources: readonly string[]
}

export interface ScenarioFinding {
  readonly account: string
  readonly region: string
  readonly hostId: string
  readonly cve: string
  readonly packageName: string
  /** `[epoch:]version[-release]` as the host's package manager writes it. */
  readonly installedVersion: string
  readonly fixedVersion: string
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'INFORMATIONAL' | 'UNTRIAGED'
  readonly cvssVector: string
  readonly status: 'ACTIVE' | 'CLOSED' | 'SUPPRESSED'
  readonly updatedAtIso: string
  /** 32 hex digits, the end of the finding's ARN. */
  readonly findingUuid: string
  /** As Inspector names it, e.g. `UBUNTU_22_04`, `AMAZON_LINUX_2023`. */
  readonly platform: string
  readonly title?: string
}

export interface ScenarioReachability {
  readonly account: string
  readonly region: string
  readonly hostId: string
  readonly fromPort: number
  readonly toPort: number
  readonly status: 'ACTIVE' | 'CLOSED'
  readonly updatedAtIso: string
  readonly findingUuid: string
  readonly platform: string
}

const scores = { CRITICAL: 9.8, HIGH: 7.5, MEDIUM: 5.3, LOW: 3.1, INFORMATIONAL: 0.1, UNTRIAGED: 0.1 } as const
const normalized = { CRITICAL: 90, HIGH: 70, MEDIUM: 40, LOW: 1, INFORMATIONAL: 0, UNTRIAGED: 0 } as const

type Arn = Pick<ScenarioFinding, 'account' | 'region' | 'findingUuid'>
const arnOf = ({ account, region, findingUuid }: Arn) =>
  `arn:aws:inspector2:${region}:${account}:finding/${findingUuid}`
const titleOf = (finding: ScenarioFinding) => finding.title ?? `${finding.cve} - ${finding.packageName}`
const cvssVersion = (vector: string) => /^CVSS:(\d\.\d)\//.exec(vector)?.[1] ?? '2.0'
const withEpoch = (version: string) => (/^\d+:/.test(version) ? version : `0:${version}`)

function splitVersion(text: string) {
  const [, epoch = '0', rest = text] = /^(?:(\d+):)?(.*)$/.exec(text) ?? []
  const dash = rest.lastIndexOf('-')
  return dash < 1
    ? { epoch: Number(epoch), version: rest }
    : { epoch: Number(epoch), version: rest.slice(0, dash), release: rest.slice(dash + 1) }
}

/** `Wed Sep 04 16:59:44.356 UTC 2024`: how EventBridge events of Inspector write an instant. */
function javaTime(iso: string): string {
  const [, weekday, day, month, year, time] =
    /^(\w{3}), (\d{2}) (\w{3}) (\d{4}) (\S+) GMT$/.exec(new Date(iso).toUTCString()) ?? []
  return `${weekday} ${month} ${day} ${time}.${new Date(iso).toISOString().slice(20, 23)} UTC ${year}`
}

const recommendation = { recommendation: { text: 'None Provided' } } as const

function instanceOf({
  account,
  region,
  hostId,
  platform,
}: {
  account: string
  region: string
  hostId: string
  platform: string
}) {
  return {
    details: {
      awsEc2Instance: {
        iamInstanceProfileArn: `arn:aws:iam::${account}:instance-profile/drydock-managed-node`,
        imageId: 'ami-0d5d0c4f00d5eed00',
        ipV4Addresses: ['10.0.1.10'],
        ipV6Addresses: [],
        launchedAt: javaTime('2026-01-05T06:00:00.000Z'),
        platform,
        subnetId: 'subnet-0d5d0c4f00d5eed01',
        type: 't3.medium',
        vpcId: 'vpc-0d5d0c4f00d5eed02',
      },
    },
    id: hostId,
    partition: 'aws',
    region,
    tags: { 'patch-managed': 'true' },
    type: 'AWS_EC2_INSTANCE',
  }
}

/** A package vulnerability of a host, as `Inspector2 Finding`. */
export function inspectorFindingEvent(finding: ScenarioFinding): BusEntry {
  const { account, hostId, cve, cvssVector, severity, updatedAtIso } = finding
  const score = scores[severity]
  const cvss = { baseScore: score, scoringVector: cvssVector, source: 'NVD', version: cvssVersion(cvssVector) }
  const detail = {
    awsAccountId: account,
    description: `A flaw in ${finding.packageName} lets an attacker do what its owner did not intend; version ${finding.fixedVersion} mends it.`,
    epss: { score: 0.0421 },
    exploitAvailable: 'YES',
    findingArn: arnOf(finding),
    firstObservedAt: javaTime(updatedAtIso),
    fixAvailable: 'YES',
    inspectorScore: score,
    inspectorScoreDetails: {
      adjustedCvss: {
        adjustments: [],
        cvssSource: 'NVD',
        score,
        scoreSource: 'NVD',
        scoringVector: cvssVector,
        version: cvssVersion(cvssVector),
      },
    },
    lastObservedAt: javaTime(updatedAtIso),
    packageVulnerabilityDetails: {
      cvss: [cvss],
      referenceUrls: [`https://nvd.nist.gov/vuln/detail/${cve}`],
      relatedVulnerabilities: [],
      source: 'NVD',
      sourceUrl: `https://nvd.nist.gov/vuln/detail/${cve}`,
      vendorSeverity: severity,
      vulnerabilityId: cve,
      vulnerablePackages: [
        {
          arch: 'X86_64',
          ...splitVersion(finding.installedVersion),
          fixedInVersion: withEpoch(finding.fixedVersion),
          name: finding.packageName,
          packageManager: 'OS',
        },
      ],
    },
    remediation: recommendation,
    resources: [instanceOf(finding)],
    severity,
    status: finding.status,
    title: titleOf(finding),
    type: 'PACKAGE_VULNERABILITY',
    updatedAt: javaTime(updatedAtIso),
  }
  return {
    Source: 'aws.inspector2',
    DetailType: 'Inspector2 Finding',
    Detail: JSON.stringify(detail),
    Resources: [hostId],
  }
}

/** The copy of the same finding that Security Hub sends, as `Security Hub Findings - Imported`; it knows whole seconds only. */
export function asffCopyEvent(finding: ScenarioFinding): BusEntry {
  const { account, region, hostId, cve, cvssVector, severity } = finding
  const at = `${new Date(finding.updatedAtIso).toISOString().slice(0, 19)}Z`
  const productArn = `arn:aws:securityhub:${region}::product/aws/inspector`
  const { epoch, version, release } = { release: undefined, ...splitVersion(finding.installedVersion) }
  const label = severity === 'UNTRIAGED' ? 'INFORMATIONAL' : severity
  const copy = {
    AwsAccountId: account,
    CompanyName: 'Amazon',
    CreatedAt: at,
    Description: `A flaw in ${finding.packageName}.`,
    FindingProviderFields: {
      Severity: { Label: label },
      Types: ['Software and Configuration Checks/Vulnerabilities/CVE'],
    },
    FirstObservedAt: at,
    GeneratorId: 'AWSInspector',
    Id: arnOf(finding),
    LastObservedAt: at,
    ProductArn: productArn,
    ProductFields: {
      'aws/inspector/FindingStatus': finding.status,
      'aws/inspector/ProductVersion': '2',
      'aws/inspector/instanceId': hostId,
      'aws/inspector/resources/1/resourceDetails/awsEc2InstanceDetails/platform': finding.platform,
      'aws/securityhub/FindingId': `${productArn}/${arnOf(finding)}`,
    },
    ProductName: 'Inspector',
    RecordState: finding.status === 'CLOSED' ? 'ARCHIVED' : 'ACTIVE',
    Region: region,
    Resources: [
      {
        Type: 'AwsEc2Instance',
        Id: `arn:aws:ec2:${region}:${account}:instance/${hostId}`,
        Partition: 'aws',
        Region: region,
      },
    ],
    SchemaVersion: '2018-10-08',
    Severity: { Label: label, Normalized: normalized[severity] },
    Title: titleOf(finding),
    Types: ['Software and Configuration Checks/Vulnerabilities/CVE'],
    UpdatedAt: at,
    Vulnerabilities: [
      {
        Cvss: [
          { BaseScore: scores[severity], BaseVector: cvssVector, Source: 'NVD', Version: cvssVersion(cvssVector) },
        ],
        ExploitAvailable: 'YES',
        FixAvailable: 'YES',
        Id: cve,
        VulnerablePackages: [
          {
            Architecture: 'X86_64',
            Epoch: String(epoch),
            FixedInVersion: withEpoch(finding.fixedVersion),
            Name: finding.packageName,
            PackageManager: 'OS',
            ...(release === undefined ? {} : { Release: release }),
            Version: version,
          },
        ],
      },
    ],
    Workflow: { Status: 'NEW' },
    WorkflowState: 'NEW',
  }
  return {
    Source: 'aws.securityhub',
    DetailType: 'Security Hub Findings - Imported',
    Detail: JSON.stringify({ findings: [copy] }),
    Resources: [`${productArn}/${arnOf(finding)}`],
  }
}

/** A port of a host that the internet reaches, as `Inspector2 Finding`. */
export function reachabilityEvent(reachability: ScenarioReachability): BusEntry {
  const { account, hostId, fromPort, toPort, updatedAtIso } = reachability
  const detail = {
    awsAccountId: account,
    description: `From the internet, ports ${fromPort} to ${toPort} of ${hostId} can be reached.`,
    findingArn: arnOf(reachability),
    firstObservedAt: javaTime(updatedAtIso),
    lastObservedAt: javaTime(updatedAtIso),
    networkReachabilityDetails: {
      networkPath: {
        steps: [
          { componentId: 'igw-0d5d0c4f00d5eed03', componentType: 'AWS::EC2::InternetGateway' },
          { componentId: 'sg-0d5d0c4f00d5eed04', componentType: 'AWS::EC2::SecurityGroup' },
          { componentId: hostId, componentType: 'AWS::EC2::Instance' },
        ],
      },
      openPortRange: { begin: fromPort, end: toPort },
      protocol: 'TCP',
    },
    remediation: recommendation,
    resources: [instanceOf(reachability)],
    severity: 'MEDIUM',
    status: reachability.status,
    title: `Port ${fromPort} is reachable from an Internet Gateway - TCP`,
    type: 'NETWORK_REACHABILITY',
    updatedAt: javaTime(updatedAtIso),
  }
  return {
    Source: 'aws.inspector2',
    DetailType: 'Inspector2 Finding',
    Detail: JSON.stringify(detail),
    Resources: [hostId],
  }
}
