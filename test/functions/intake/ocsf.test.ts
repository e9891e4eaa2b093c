import { describe, expect, it } from 'vitest'
import { draftFromOcsf, isOcsf, ocsfType } from '../../../functions/intake/ocsf.ts'

const draftOf = (record: object) => draftFromOcsf({ ...record }, 'package-vulnerability', {}, '$')
const inspectorField = (name: string, value: string) => ({ unmapped: { [name]: value } })

describe('1.2 what is an OCSF record, and what it reports', () => {
  it.each([
    ['a class', { class_uid: 1 }, true],
    ['a finding’s info', { finding_info: {} }, true],
    ['neither', { finding: {} }, false],
  ])('%s', (_, record, isOne) => expect(isOcsf(record)).toBe(isOne))

  const vulnerabilities = [{ cve: { uid: 'CVE-1' } }]
  const withCode = { affected_code: [{ file: {} }] }
  it.each([
    ['2002 with a vulnerability: a package', { class_uid: 2002, vulnerabilities }, 'package-vulnerability'],
    ['2001 of version 1.0', { class_uid: '2001', vulnerabilities }, 'package-vulnerability'],
    ['no class, but a vulnerability', { vulnerabilities }, 'package-vulnerability'],
    ['another class: nothing', { class_uid: 2003, vulnerabilities }, undefined],
    ['without a vulnerability: nothing', { class_uid: 2002 }, undefined],
    ['code', { class_uid: 2002, vulnerabilities: [withCode] }, 'code-vulnerability'],
    ['a package beside code', { vulnerabilities: [withCode, { packages: [{}] }] }, 'package-vulnerability'],
  ])('%s', (_, record, type) => expect(ocsfType(record)).toBe(type))
})

describe('1.5 the status of an OCSF record', () => {
  it.each([
    ['1: new', { status_id: 1 }, 'active'],
    ['2: in progress', { status_id: 2 }, 'active'],
    ['3: suppressed', { status_id: 3 }, 'suppressed'],
    ['4: resolved', { status_id: 4 }, 'closed'],
    ['5: archived', { status_id: 5 }, 'closed'],
    ['6: deleted', { status_id: 6 }, 'closed'],
    ['99: other', { status_id: 99 }, undefined],
    ['4 by the name of version 1.0', { state_id: 4 }, 'closed'],
    ['activity 3: close, whatever the status', { activity_id: 3, status_id: 1 }, 'closed'],
    ['named resolved', { status: 'Resolved' }, 'closed'],
    ['named archived', { status: 'archived' }, 'closed'],
    ['named deleted', { status: 'Deleted' }, 'closed'],
    ['named closed', { state: 'Closed' }, 'closed'],
    ['named suppressed', { status: 'Suppressed' }, 'suppressed'],
    ['named new', { status: 'New' }, 'active'],
    ['named in progress', { status: 'In Progress' }, 'active'],
    ['named active', { state: 'Active' }, 'active'],
    ['archived in Security Hub', { status_id: 1, ...inspectorField('RecordState', 'ARCHIVED') }, 'closed'],
    ['closed by Inspector', inspectorField('ProductFields.aws/inspector/FindingStatus', 'CLOSED'), 'closed'],
    [
      'suppressed by Inspector',
      inspectorField('ProductFields.aws/inspector/FindingStatus', 'SUPPRESSED'),
      'suppressed',
    ],
    ['active by Inspector', inspectorField('ProductFields.aws/inspector/FindingStatus', 'ACTIVE'), 'active'],
    ['not stated', {}, undefined],
  ])('%s', (_, record, status) => expect(draftOf(record).status).toBe(status))
})

describe('B14 the severity of an OCSF record', () => {
  it.each([
    [0, undefined],
    [1, 'informational'],
    [2, 'low'],
    [3, 'medium'],
    [4, 'high'],
    [5, 'critical'],
    [6, 'critical'],
    [7, undefined],
    [99, undefined],
  ])('severity_id %d is %s', (severity_id, severity) => {
    expect(draftOf({ severity_id, severity: 'Low' }).severity).toBe(severity)
  })

  it('is that of the name where there is no id', () => {
    expect(draftOf({ severity: 'Fatal' }).severity).toBe('critical')
  })
})

describe('1.2 what an OCSF record is drafted into', () => {
  it('resources come first; a device stands in only where there is none', () => {
    const device = { instance_uid: 'i-1', uid: 'other', os: { name: 'Linux' } }
    const ids = (record: object) => draftOf(record).resources.map(({ id, type, at }) => [id, type, at])
    expect(ids({ device })).toEqual([['i-1', 'AwsEc2Instance', '$.device']])
    expect(ids({ device, resources: [{ uid: 'i-2', type: 'AwsEc2Instance' }], resource: { name: 'i-3' } })).toEqual([
      ['i-2', 'AwsEc2Instance', '$.resources[0]'],
      ['i-3', undefined, '$.resource'],
    ])
    expect(ids({})).toEqual([])
  })

  it.each([
    ['name:value', { key: 'name', value: 'value' }],
    ['name=a:b', { key: 'name', value: 'a:b' }],
    ['name', { key: 'name', value: '' }],
    [':value', { key: ':value', value: '' }],
  ])('label %s', (label, tag) => {
    expect(draftOf({ resources: [{ uid: 'i-1', labels: [label] }] }).resources[0]?.tags).toEqual([tag])
  })

  it('tags stand before labels', () => {
    const tags = { owner: 'web' }
    expect(draftOf({ resources: [{ tags, labels: ['a:b'] }] }).resources[0]?.tags).toBe(tags)
  })

  it.each([
    [{ is_fix_available: true }, { is_fix_available: false }, true],
    [{ fix_available: false }, {}, false],
    [{}, {}, undefined],
  ])('a fix counts where any vulnerability has one: %#', (one, other, isFixAvailable) => {
    expect(draftOf({ vulnerabilities: [one, other] }).isFixAvailable).toBe(isFixAvailable)
  })

  it('packages under either name are taken in', () => {
    const vulnerabilities = [{}, { affected_packages: [{ name: 'a' }], packages: [{ name: 'b' }] }]
    expect(draftOf({ vulnerabilities }).packages.map(({ name }) => name)).toEqual(['a', 'b'])
  })
})
