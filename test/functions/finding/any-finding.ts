/** Builds findings for tests. */
import { Finding } from '../../../functions/finding/finding.ts'

export function anyFinding(over: Partial<Finding> = {}): Finding {
  const updatedAt = over.updatedAt ?? '2026-03-02T09:00:00.000Z'
  return Finding.parse({
    findingId: `F${'0123456789abcdef012345678'}`,
    copies: [{ format: 'inspector2', nativeId: 'arn:aws:inspector2:eu-west-1:444455556666:finding/0123', updatedAt }],
    account: '444455556666',
    region: 'eu-west-1',
    type: 'package-vulnerability',
    vulnerabilityId: 'CVE-2026-1111',
    relatedVulnerabilityIds: [],
    title: 'CVE-2026-1111 - openssl',
    description: '',
    resource: { type: 'ec2-instance', id: 'i-0a1b2c3d4e5f60718', platform: 'UBUNTU_22_04', tags: {} },
    packages: [
      { name: 'openssl', installedVersion: '3.0.2-1', fixedVersion: '3.0.2-2', manager: 'OS', isPatchable: true },
    ],
    cvss: [],
    severity: 'high',
    status: 'active',
    route: 'patch',
    firstObservedAt: '2026-03-01T08:15:30.000Z',
    lastObservedAt: updatedAt,
    updatedAt,
    flags: [],
    ...over,
  })
}

/** The same finding as a copy of another format. */
export function anyCopy(format: Finding['copies'][number]['format'], over: Partial<Finding> = {}): Finding {
  const updatedAt = over.updatedAt ?? '2026-03-02T09:00:00.000Z'
  return anyFinding({ ...over, updatedAt, copies: [{ format, nativeId: `${format}-id`, updatedAt }] })
}
