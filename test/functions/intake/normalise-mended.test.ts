import { describe, expect, it } from 'vitest'
import { changed, findingOf, fixture, fixtureText, imported, only, refusalOf } from './intake-fixtures.ts'

const ec2 = 'findings/inspector-event-ec2.json'
const firstPackage = 'detail.packageVulnerabilityDetails.vulnerablePackages.0'

describe('3.8 normaliseDocument, mended and kept', () => {
  it('B4 B5 keeps paths and tags as data', () => {
    const path = `'"\\n\${IFS}/x`
    const withPath = findingOf(changed(ec2, `${firstPackage}.filePath`, path))
    expect(withPath.packages[0]?.filePath).toBe(path)
    const tag = '{{ssm:/secret}} {{global:DATE}}'
    expect(findingOf(changed(ec2, 'detail.resources.0.tags.Name', tag)).resource.tags.Name).toBe(tag)
  })

  it('B6 B7 keeps HTML as text and strips what turns or hides it', () => {
    const finding = findingOf(changed(ec2, 'detail.title', '<img src=x onerror=alert(1)> \u202eabc\u200b'))
    expect(finding).toMatchObject({
      title: '<img src=x onerror=alert(1)> abc',
      flags: ['bidi-stripped', 'zero-width-stripped'],
    })
  })

  it('B11 ignores __proto__ and constructor', () => {
    const text = fixtureText(ec2).replace(
      '"Name": "web-1"',
      '"__proto__": {"polluted": true}, "constructor": "x", "Name": "web-1"',
    )
    const finding = only(imported(text.replace('"version": "0"', '"__proto__": {"source": "x"}, "version": "0"')).items)
    expect(Object.keys(finding.resource.tags).sort()).toEqual(['Name', 'constructor', 'patch-managed'])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(refusalOf(JSON.parse('{"__proto__": {"findingArn": "x", "type": "PACKAGE_VULNERABILITY"}}')).refused).toBe(
      'UNKNOWN_FORMAT',
    )
  })
})

describe('3.8 normaliseDocument, scores and times', () => {
  it.each(['1e400', '-0.5', '"NaN"', '9007199254740993'])('B12 leaves out the EPSS score %s', (score) => {
    const text = fixtureText(ec2).replace('"score": 0.0312', `"score": ${score}`)
    const finding = only(imported(text).items)
    expect(finding).not.toHaveProperty('epss')
    expect(finding.flags).toEqual(['epss-malformed'])
  })

  it.each([
    'cvss:3.1/av:n',
    'CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N',
    'CVSS:9.9/AV:N/AC:L/PR:N/UI:N',
    'nonsense',
    '',
  ])('B13 leaves out the vector %j, flags it and invents no score', (vector) => {
    const document = changed(ec2, 'detail.packageVulnerabilityDetails.cvss.0.scoringVector', vector)
    const finding = findingOf(document)
    expect(finding.cvss.map((entry) => entry.vector)).toEqual(['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H'])
    expect(finding.flags).toContain('cvss-malformed')
  })

  it.each([
    ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'],
    ['2.0', 'AV:N/AC:M/Au:N/C:P/I:N/A:P'],
  ])('B13 keeps a vector of version %s', (version, vector) => {
    const finding = findingOf(changed(ec2, 'detail.packageVulnerabilityDetails.cvss.0.scoringVector', vector))
    expect(finding.cvss[0]).toMatchObject({ version, vector })
  })

  it.each(['UNTRIAGED', 'SPICY', 7, null])('B14 reads the severity %s as unknown, never as low', (severity) => {
    expect(findingOf(changed(ec2, 'detail.severity', severity)).severity).toBe('unknown')
  })

  it('B14 reads an untriaged finding as unknown in ASFF too', () => {
    const document = changed('findings/asff-event.json', 'detail.findings.0.Severity', {
      Label: 'INFORMATIONAL',
      Original: 'UNTRIAGED',
    })
    expect(findingOf(document).severity).toBe('unknown')
  })

  it.each([
    ['2099-01-01T00:00:00Z', '2026-10-05T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
  ])('B15 clamps updatedAt %s and flags it', (stated, iso) => {
    expect(findingOf(changed(ec2, 'detail.updatedAt', stated))).toMatchObject({
      updatedAt: iso,
      flags: ['updated-at-clamped'],
    })
  })

  it('a language package keeps its name and is never patched', () => {
    const [entry] = findingOf(fixture('findings/inspector-event-ec2-language.json')).packages
    expect(entry).toMatchObject({ name: '@scope/parser', manager: 'NODEPKG', isPatchable: false })
  })
})
