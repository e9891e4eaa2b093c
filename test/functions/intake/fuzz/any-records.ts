/** The grammar of findings as scanners write them, in three formats, with something hostile in it now and then. */
import fc from 'fast-check'
import { hostileText, mostly } from './hostile.ts'

const one = (...values: readonly unknown[]) => mostly(fc.constantFrom(...values))
/** Left out as often as not. */
const perhaps = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof(arbitrary, fc.constant(undefined))
const some = (arbitrary: fc.Arbitrary<unknown>, maxLength = 2) => fc.array(arbitrary, { minLength: 1, maxLength })

const account = fc.constantFrom('444455556666', '111122223333')
const partition = fc.constantFrom('aws', 'aws', 'aws', 'aws-cn', 'aws-us-gov')
const region = fc.constantFrom('eu-west-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1')

/** Few of them, so that copies of one finding meet. */
const serial = fc.integer({ min: 0, max: 400 })
const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
const hostId = serial.chain((number) =>
  fc.constantFrom(`i-${hex(number, 17)}`, `i-${hex(number, 8)}`, `mi-${hex(number, 17)}`),
)
const cve = serial.map((number) => `CVE-2026-${1000 + number}`)
const vulnerability = fc.oneof(
  cve,
  fc.constantFrom('GHSA-p98r-538v-jgw5', 'ALAS2-2026-1234', 'USN-9999-1', 'KB5034441'),
)

const shortMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')
/** The four forms in which instants come, and one from another age. */
const instant = fc
  .tuple(fc.integer({ min: 1_767_225_600, max: 1_790_000_000 }), fc.integer({ min: 0, max: 7 }))
  .map(([seconds, form]): unknown => {
    const date = new Date(seconds * 1000)
    const clock = date.toISOString().slice(11, 19)
    const month = shortMonths[date.getUTCMonth()]
    if (form === 0) return seconds + 0.25
    if (form === 1) return seconds * 1000
    if (form === 2) return `Wed ${month} ${two(date.getUTCDate())} ${clock}.356 UTC ${date.getUTCFullYear()}`
    if (form === 3) {
      const hour = date.getUTCHours()
      const half = `${hour % 12 || 12}${clock.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`
      return `${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${half}`
    }
    if (form === 4) return `${date.toISOString().slice(0, 19)}+02:00`
    if (form === 5 && seconds % 40 === 0) return seconds % 80 === 0 ? '2099-01-01T00:00:00Z' : '1970-01-01T00:00:00Z'
    return date.toISOString()
  })

const platforms = [
  'UBUNTU_22_04',
  'DEBIAN_12',
  'AMAZON_LINUX_2023',
  'REDHAT_9',
  'SUSE_SERVER_15_6',
  'WINDOWS_SERVER_2022',
  'BOTTLEROCKET',
  'ALPINE_LINUX_3_20',
] as const
const managers = ['OS', 'OS', 'OS', 'OS', 'OS', 'RPM', 'DPKG', 'PIP', 'GOBINARY', 'NODEPKG', 'JAR', undefined]
const names = ['openssl', 'libssl3', 'kernel', 'linux-image-6.8.0-1021-aws', 'gtk+3.0', 'glibc', 'python3.11', 'perl_x']
const versions = ['3.0.2', '3.0.7', '9.6p1', '2.63+22.04ubuntu0.1', '5.10.199~rc1', '1:6.1.102', 'N/A']
const releases = ['0ubuntu1.19', '190.747.amzn2', '1.el9_4', undefined]

const packageParts = {
  name: one(...names),
  version: one(...versions),
  fixed: one(
    '0:3.0.2-0ubuntu1.21',
    '5.10.200-190.747.amzn2',
    '2.63+22.04ubuntu0.2',
    '1:9.6p1-3',
    '6.1.103~1',
    'NotAvailable',
  ),
  epoch: one(0, '0', 1, undefined),
  release: one(...releases),
  arch: one('X86_64', 'AMD64', 'NOARCH', undefined),
  manager: one(...managers),
  path: perhaps(one('/usr/lib/app/node_modules/x', 'opt/a b')),
}

const vector = one(
  'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  'AV:N/AC:M/Au:N/C:P/I:N/A:P',
)
const score = one(8.1, '6.5', 0, 10)
const title = one('CVE-2026-1111 - openssl', 'Port 22 is reachable', 'A "quoted" <b>title</b>')
const text = fc.oneof({ weight: 9, arbitrary: title }, { weight: 1, arbitrary: hostileText })
const tags = perhaps(
  mostly(fc.dictionary(fc.oneof(fc.constantFrom('Name', 'patch-service'), hostileText), hostileText, { maxKeys: 2 })),
)

/** The parts that agree with each other, unless something hostile came between. */
const identity = fc
  .tuple(account, partition, region, serial, hostId, vulnerability)
  .map(([owner, part, place, number, host, vulnerabilityId]) => ({
    account: owner,
    region: place,
    arn: `arn:${part}:inspector2:${place}:${owner}:finding/${hex(number, 32)}`,
    host,
    hostArn: `arn:${part}:${host.startsWith('mi-') ? 'ssm' : 'ec2'}:${place}:${owner}:${host.startsWith('mi-') ? 'managed-instance' : 'instance'}/${host}`,
    image: `arn:${part}:ecr:${place}:${owner}:repository/app/sha256:${hex(number, 64)}`,
    lambda: `arn:${part}:lambda:${place}:${owner}:function:app:$LATEST`,
    vulnerabilityId,
  }))
type Identity = typeof identity extends fc.Arbitrary<infer Value> ? Value : never

export interface AnyRecord {
  readonly format: 'inspector' | 'asff' | 'ocsf'
  readonly account: string
  readonly record: unknown
}

const arm = (
  format: AnyRecord['format'],
  make: (identity: Identity) => fc.Arbitrary<unknown>,
): fc.Arbitrary<AnyRecord> =>
  identity.chain((each) => make(each).map((record) => ({ format, account: each.account, record })))

const inspectorResource = (each: Identity) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: one('AWS_EC2_INSTANCE'),
        id: one(each.host),
        region: one(each.region),
        details: mostly(fc.record({ awsEc2Instance: mostly(fc.record({ platform: one(...platforms) })) })),
        tags,
      }),
    },
    fc.record({
      type: one('AWS_ECR_CONTAINER_IMAGE'),
      id: one(each.image),
      details: fc.record({ awsEcrContainerImage: fc.record({ platform: one('ALPINE_LINUX_3_20') }) }),
    }),
    fc.record({ type: one('AWS_LAMBDA_FUNCTION', 'CODE_REPOSITORY', undefined), id: one(each.lambda) }),
  )

const inspectorCommon = (each: Identity) => ({
  findingArn: one(each.arn),
  awsAccountId: one(each.account),
  description: text,
  title: text,
  severity: one('CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNTRIAGED'),
  status: one('ACTIVE', 'ACTIVE', 'CLOSED', 'SUPPRESSED'),
  firstObservedAt: mostly(instant),
  lastObservedAt: mostly(instant),
  updatedAt: mostly(instant),
  fixAvailable: one('YES', 'NO', 'PARTIAL', undefined),
  exploitAvailable: one('YES', 'NO', undefined),
  epss: perhaps(mostly(fc.record({ score: one(0.0312, '0.5', 1e-5) }))),
  inspectorScore: perhaps(score),
  resources: mostly(some(mostly(inspectorResource(each)))),
})

const inspectorPackage = fc.record({
  name: packageParts.name,
  version: packageParts.version,
  fixedInVersion: packageParts.fixed,
  epoch: packageParts.epoch,
  release: packageParts.release,
  arch: packageParts.arch,
  packageManager: packageParts.manager,
  filePath: packageParts.path,
})

const inspector = arm('inspector', (each) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        ...inspectorCommon(each),
        type: one('PACKAGE_VULNERABILITY'),
        packageVulnerabilityDetails: mostly(
          fc.record({
            vulnerabilityId: one(each.vulnerabilityId),
            relatedVulnerabilities: perhaps(mostly(fc.array(mostly(vulnerability), { maxLength: 2 }))),
            source: one('NVD', 'UBUNTU_CVE'),
            cvss: mostly(
              fc.array(
                fc.record({ baseScore: score, scoringVector: vector, source: one('NVD'), version: one('3.1') }),
                { maxLength: 2 },
              ),
            ),
            vulnerablePackages: mostly(some(mostly(inspectorPackage), 3)),
          }),
        ),
      }),
    },
    fc.record({
      ...inspectorCommon(each),
      type: one('NETWORK_REACHABILITY'),
      networkReachabilityDetails: mostly(
        fc.record({
          protocol: one('TCP', 'UDP'),
          openPortRange: mostly(fc.record({ begin: one(22, 0, 443), end: one(22, 65_535) })),
        }),
      ),
    }),
    fc.record({
      ...inspectorCommon(each),
      type: one('CODE_VULNERABILITY'),
      codeVulnerabilityDetails: mostly(
        fc.record({ detectorId: one('python/x@v1.0'), cwes: mostly(some(one('CWE-78'))) }),
      ),
    }),
  ),
)

const asffVulnerability = (each: Identity) =>
  fc.record({
    Id: one(each.vulnerabilityId),
    VulnerablePackages: mostly(
      some(
        mostly(
          fc.record({
            Name: packageParts.name,
            Version: packageParts.version,
            FixedInVersion: packageParts.fixed,
            Epoch: packageParts.epoch,
            Release: packageParts.release,
            Architecture: packageParts.arch,
            PackageManager: packageParts.manager,
            FilePath: packageParts.path,
          }),
        ),
      ),
    ),
    Cvss: mostly(
      fc.array(fc.record({ BaseScore: score, BaseVector: vector, Source: one('NVD'), Version: one('3.1') }), {
        maxLength: 2,
      }),
    ),
    RelatedVulnerabilities: perhaps(mostly(some(mostly(vulnerability)))),
    EpssScore: perhaps(one(0.0312, '0.5')),
    FixAvailable: one('YES', 'NO', undefined),
  })

const asff = arm('asff', (each) =>
  fc.record({
    SchemaVersion: one('2018-10-08'),
    Id: one(each.arn),
    ProductArn: one(`arn:aws:securityhub:${each.region}::product/aws/inspector`),
    AwsAccountId: one(each.account),
    Region: one(each.region),
    Types: one(
      ['Software and Configuration Checks/Vulnerabilities/CVE'],
      ['Software and Configuration Checks/AWS Security Best Practices/Network Reachability'],
    ),
    CreatedAt: mostly(instant),
    UpdatedAt: mostly(instant),
    FirstObservedAt: perhaps(mostly(instant)),
    Severity: mostly(fc.record({ Label: one('HIGH', 'INFORMATIONAL'), Normalized: one(70, 0) })),
    Title: text,
    Description: text,
    ProductFields: mostly(
      fc.record({
        'aws/inspector/FindingStatus': one('ACTIVE', 'CLOSED'),
        'aws/inspector/resources/1/resourceDetails/awsEc2InstanceDetails/platform': one(...platforms),
      }),
    ),
    Resources: mostly(
      some(
        mostly(
          fc.oneof(
            {
              weight: 4,
              arbitrary: fc.record({
                Type: one('AwsEc2Instance', 'AwsSsmManagedInstance'),
                Id: one(each.hostArn, each.host),
                Region: one(each.region),
                Tags: tags,
              }),
            },
            fc.record({ Type: one('AwsEcrContainerImage', 'Other'), Id: one(each.image), Tags: tags }),
          ),
        ),
      ),
    ),
    Workflow: mostly(fc.record({ Status: one('NEW', 'RESOLVED', 'SUPPRESSED') })),
    RecordState: one('ACTIVE', 'ARCHIVED'),
    Vulnerabilities: mostly(some(mostly(asffVulnerability(each)), 1)),
  }),
)

const ocsfVulnerability = (each: Identity) =>
  fc.record({
    affected_packages: mostly(
      some(
        mostly(
          fc.record({
            name: packageParts.name,
            version: packageParts.version,
            fixed_in_version: packageParts.fixed,
            epoch: packageParts.epoch,
            release: packageParts.release,
            architecture: packageParts.arch,
            package_manager: packageParts.manager,
            path: packageParts.path,
          }),
        ),
      ),
    ),
    cve: mostly(
      fc.record({
        uid: one(each.vulnerabilityId),
        cvss: perhaps(some(fc.record({ base_score: score, vector_string: vector, version: one('3.1') }), 1)),
        epss: perhaps(fc.record({ score: one('0.0312', 0.5) })),
      }),
    ),
    is_fix_available: one(true, false, undefined),
  })

const ocsf = arm('ocsf', (each) =>
  fc.record({
    activity_id: one(1, 2, 3),
    class_uid: one(2002),
    severity_id: one(0, 1, 4, 5, 99),
    status_id: one(1, 2, 3, 4),
    time: mostly(instant),
    cloud: mostly(fc.record({ account: mostly(fc.record({ uid: one(each.account) })), region: one(each.region) })),
    finding_info: mostly(
      fc.record({
        uid: one(each.arn),
        title: text,
        desc: text,
        modified_time: mostly(instant),
        first_seen_time: perhaps(mostly(instant)),
      }),
    ),
    resources: mostly(
      some(
        mostly(
          fc.oneof(
            {
              weight: 4,
              arbitrary: fc.record({
                type: one('AWS::EC2::Instance', 'AwsEc2Instance'),
                uid: one(each.hostArn, each.host),
                region: one(each.region),
                data: perhaps(fc.record({ platform: one(...platforms) })),
              }),
            },
            fc.record({ type: one('AwsEcrContainerImage', undefined), uid: one(each.image) }),
          ),
        ),
      ),
    ),
    vulnerabilities: mostly(some(mostly(ocsfVulnerability(each)), 1)),
  }),
)

export const anyRecord: fc.Arbitrary<AnyRecord> = fc.oneof({ weight: 3, arbitrary: inspector }, asff, ocsf)
