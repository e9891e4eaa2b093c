import { describe, expect, it } from 'vitest'
import { draftFromInspector, inspectorType, isInspector } from '../../../functions/intake/inspector.ts'

const draftOf = (record: object) => draftFromInspector({ ...record }, 'package-vulnerability', 'inspector2', {}, '$')

describe('1.2 what is a record of Inspector', () => {
  it.each([
    ['an ARN', { findingArn: 'arn' }, true],
    ['details of a package', { packageVulnerabilityDetails: {} }, true],
    ['details of a network path', { networkReachabilityDetails: {} }, true],
    ['details of code', { codeVulnerabilityDetails: {} }, true],
    ['anything else', { Id: 'x' }, false],
    ['what is only inherited', Object.create({ findingArn: 'arn' }), false],
  ])('%s', (_, record, isOne) => expect(isInspector(record)).toBe(isOne))
})

describe('1.2 what a record of Inspector reports', () => {
  it.each([
    ['what it states', { type: 'network_reachability', packageVulnerabilityDetails: {} }, 'network-reachability'],
    [
      'nothing, where it states a type that nobody knows',
      { type: 'MALWARE', packageVulnerabilityDetails: {} },
      undefined,
    ],
    ['nothing, where the type is a name that every object has', { type: 'constructor' }, undefined],
    ['a package by its details', { packageVulnerabilityDetails: {} }, 'package-vulnerability'],
    ['a network path by its details', { networkReachabilityDetails: {} }, 'network-reachability'],
    ['code by its details', { codeVulnerabilityDetails: {} }, 'code-vulnerability'],
    ['nothing, without details', { findingArn: 'arn' }, undefined],
  ])('%s', (_, record, type) => expect(inspectorType(record)).toBe(type))
})

describe('1.2 what a record of Inspector is drafted into', () => {
  it.each([
    ['active', 'active'],
    ['CLOSED', 'closed'],
    ['SUPPRESSED', 'suppressed'],
    ['toString', undefined],
    [undefined, undefined],
  ])('status %s is %s', (status, drafted) => expect(draftOf({ status }).status).toBe(drafted))

  const stated = (scoringVector: string) => ({ scoringVector, baseScore: 7.5, source: 'NVD', version: '3.1' })
  const adjusted = (scoringVector?: string) => ({
    inspectorScoreDetails: { adjustedCvss: { scoringVector, score: 6, scoreSource: 'INSPECTOR', version: '3.1' } },
  })
  it.each([
    ['the sources’ vectors, then the adjusted one', [stated('A')], adjusted('B'), ['A', 'B']],
    ['no vector twice', [stated('A'), stated('B')], adjusted('B'), ['A', 'B']],
    ['no adjustment without a vector', [stated('A')], adjusted(), ['A']],
    ['the adjusted one alone', [], adjusted('B'), ['B']],
    ['the adjusted one of the older field', [], { scoreDetails: { cvss: { scoringVector: 'C' } } }, ['C']],
  ])('takes %s', (_, cvss, more, vectors) => {
    const draft = draftOf({ packageVulnerabilityDetails: { cvss }, ...more })
    expect(draft.cvss.map(({ vector }) => vector)).toEqual(vectors)
  })

  it('the adjusted vector comes with its own score and source', () => {
    expect(draftOf(adjusted('B')).cvss).toEqual([{ version: '3.1', vector: 'B', score: 6, source: 'INSPECTOR' }])
  })

  it('the ids are those of the package, then those of code', () => {
    const draft = draftOf({
      packageVulnerabilityDetails: { vulnerabilityId: 'GHSA-1', relatedVulnerabilities: ['CVE-1', 'CVE-2'] },
      codeVulnerabilityDetails: { ruleId: 'rule', detectorId: 'detector', cwes: ['CWE-79'] },
    })
    expect(draft.vulnerabilityIds).toEqual(['GHSA-1', 'CVE-1', 'CVE-2', 'rule', 'detector', 'CWE-79'])
  })

  it('a platform is that of an instance, else of an image', () => {
    const image = { awsEcrContainerImage: { platform: 'ALPINE' } }
    const resources = [{ details: { awsEc2Instance: { platform: 'UBUNTU' }, ...image } }, { details: image }, {}]
    expect(draftOf({ resources }).resources.map(({ platform }) => platform)).toEqual(['UBUNTU', 'ALPINE', undefined])
  })

  it('a network path alone has ports', () => {
    const record = { networkReachabilityDetails: { protocol: 'TCP', openPortRange: { begin: 22, end: 25 } } }
    expect(draftFromInspector(record, 'network-reachability', 'listfindings', {}, '$').reachability).toEqual({
      protocol: 'TCP',
      fromPort: 22,
      toPort: 25,
    })
    expect(draftOf(record)).not.toHaveProperty('reachability')
  })

  it('where the record has no region or time, those of its event stand behind', () => {
    const envelope = { region: 'eu-west-1', time: '2026-01-01T00:00:00Z' }
    const draft = draftFromInspector({}, 'package-vulnerability', 'inspector2', envelope, '$')
    expect([draft.regions.at(-1), draft.updatedAt.at(-1)]).toEqual([envelope.region, envelope.time])
  })
})
