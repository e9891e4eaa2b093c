import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreVector } from '../../../functions/risk/cvss.ts'

describe('3.1 scoreVector', () => {
  it.each([
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
    ['3.1', 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H', 8.1],
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0],
    ['3.1', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U', 9],
    ['3.0', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
    ['2.0', 'AV:N/AC:L/Au:N/C:P/I:P/A:P', 7.5],
    ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
    ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U', 8.1],
  ])('scores a version %s vector %s as %d and keeps the version', (version, vector, score) => {
    expect(scoreVector(vector)).toEqual({ version, vector, score })
  })

  it.each([
    ['nothing', ''],
    ['a prefix alone', 'CVSS:3.1/'],
    ['a missing metric', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H'],
    ['a mandatory metric not defined', 'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a metric given twice', 'CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a metric given twice with the same value', 'CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['an unknown value', 'CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['an unknown metric', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:Q'],
    ['lower case', 'cvss:3.1/av:n/ac:l/pr:n/ui:n/s:u/c:h/i:h/a:h'],
    ['an unknown version', 'CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['metrics of another version', 'CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a trailing slash', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/'],
    ['a number', '9.8'],
    ['ten thousand characters', `CVSS:3.1/${'AV:N/'.repeat(2000)}`],
  ])('B13 refuses %s and never scores it 0', (_, vector) => {
    expect(scoreVector(vector)).toEqual({ refused: expect.stringMatching(/./) })
  })

  it('B12 B13 gives a score from 0 to 10 or a reason for any text', () => {
    const metric = fc.constantFrom(
      'AV:N',
      'AC:L',
      'AT:N',
      'PR:N',
      'UI:N',
      'S:U',
      'C:H',
      'I:H',
      'A:N',
      'VC:H',
      'E:X',
      'x',
    )
    const prefix = fc.constantFrom('CVSS:3.1/', 'CVSS:3.0/', 'CVSS:4.0/', 'AV:N/', '')
    const text = fc.tuple(prefix, fc.array(metric, { maxLength: 14 })).map(([start, rest]) => start + rest.join('/'))
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (vector) => {
        const scored = scoreVector(vector)
        if ('score' in scored) expect(scored.score >= 0 && scored.score <= 10).toBe(true)
        else expect(scored.refused).not.toBe('')
      }),
    )
  })
})
