/** The three findings of the scenario: what each is about, and which service it hits. */
const vectors = {
  high: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  medium: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N',
}

export const storyFindings = {
  patched: {
    service: 'web',
    cve: 'CVE-2024-29069',
    packageName: 'snapd',
    installedVersion: '2.63',
    fixedVersion: '2.63+22.04ubuntu0.1',
    severity: 'HIGH',
    cvssVector: vectors.high,
  },
  rolledBack: {
    service: 'batch',
    cve: 'CVE-2024-6387',
    packageName: 'openssl',
    installedVersion: '3.0.2-0ubuntu1.15',
    fixedVersion: '3.0.2-0ubuntu1.16',
    severity: 'CRITICAL',
    cvssVector: vectors.high,
  },
  held: {
    service: 'db',
    cve: 'CVE-2023-38545',
    packageName: 'curl',
    installedVersion: '7.81.0-1ubuntu1.13',
    fixedVersion: '7.81.0-1ubuntu1.14',
    severity: 'MEDIUM',
    cvssVector: vectors.medium,
  },
} as const
export type Story = keyof typeof storyFindings
