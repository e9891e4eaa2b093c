import { describe, expect, it } from 'vitest'
import { checkCvss, checkEpss, checkReachability } from '../../../functions/intake/draft-scores.ts'

const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
const draft = (more: object = {}) => ({ version: '3.1', vector, score: 9.8, source: 'NVD', ...more })
const malformed = { cvss: [], flags: ['cvss-malformed'] }

describe('B12 B13 checkCvss', () => {
  it('keeps a vector with the version that it has, whatever it is said to be', () => {
    expect(checkCvss([draft({ version: '2.0' })])).toEqual({
      cvss: [{ version: '3.1', vector, score: 9.8, source: 'NVD' }],
      flags: [],
    })
    expect(checkCvss([draft({ vector: '(AV:N/AC:L/Au:N/C:P/I:P/A:P)' })]).cvss[0]?.version).toBe('2.0')
  })

  it.each([
    ['a score above 10', { score: 10.1 }],
    ['a score below 0', { score: -1 }],
    ['no score', { score: 'NaN' }],
    ['no vector', { vector: ' ' }],
    ['another version', { vector: vector.replace('3.1', '9.9') }],
    ['a metric twice', { vector: `${vector}/AV:N` }],
    ['a line of shell', { vector: `${vector};rm` }],
  ])('leaves out %s and flags it, and never reads it as zero', (_, more) => {
    expect(checkCvss([draft(more)])).toEqual(malformed)
  })

  it('keeps a vector once of each source, and calls a missing source unknown', () => {
    const { cvss } = checkCvss([draft(), draft(), draft({ source: 'GHSA' }), draft({ source: undefined })])
    expect(cvss.map(({ source }) => source)).toEqual(['NVD', 'GHSA', 'UNKNOWN'])
  })
})

describe('B12 checkEpss', () => {
  it.each([
    [0, { epss: 0, flags: [] }],
    ['0.5', { epss: 0.5, flags: [] }],
    [1.1, { flags: ['epss-malformed'] }],
    ['high', { flags: ['epss-malformed'] }],
    [undefined, { flags: [] }],
    [null, { flags: [] }],
  ])('reads %s', (stated, checked) => {
    expect(checkEpss(stated)).toEqual(checked)
  })
})

describe('checkReachability', () => {
  const range = { protocol: 'tcp', fromPort: 22, toPort: '22' }

  it('reads an open range, and none where none is stated', () => {
    expect(checkReachability(range).reachability).toEqual({ protocol: 'TCP', fromPort: 22, toPort: 22 })
    expect(checkReachability(undefined)).toEqual({ flags: [] })
  })

  it.each([
    ['the wrong way round', { toPort: 21 }],
    ['beyond the last port', { toPort: 65_536 }],
    ['of half a port', { fromPort: 1.5 }],
    ['without a protocol', { protocol: '' }],
    ['with a protocol of spaces', { protocol: 'tcp udp' }],
  ])('flags a range %s', (_, more) => {
    expect(checkReachability({ ...range, ...more })).toEqual({ flags: ['port-range-malformed'] })
  })
})
