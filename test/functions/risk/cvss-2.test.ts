import { describe, expect, it } from 'vitest'
import { metrics2, score2 } from '../../../functions/risk/cvss-2.ts'
import { readMetrics } from '../../../functions/risk/cvss-metrics.ts'

function score(body: string) {
  const stated = readMetrics(body, metrics2)
  if ('refused' in stated) throw new Error(stated.refused)
  return score2(stated)
}
const apache = 'AV:N/AC:L/Au:N/C:N/I:N/A:C'
const temporal = 'E:F/RL:OF/RC:C'

describe('B13 score2', () => {
  // The worked examples of the guide, 3.3.1 to 3.3.3: https://www.first.org/cvss/v2/guide
  it.each([
    ['CVE-2002-0392', apache, 7.8],
    ['CVE-2002-0392 with time', `${apache}/${temporal}`, 6.4],
    ['CVE-2002-0392 where availability matters', `${apache}/${temporal}/CDP:H/TD:H/CR:M/IR:M/AR:H`, 9.2],
    ['CVE-2002-0392 where nothing is like it', `${apache}/${temporal}/TD:N`, 0],
    ['CVE-2003-0818', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', 10],
    ['CVE-2003-0818 with time', `AV:N/AC:L/Au:N/C:C/I:C/A:C/${temporal}`, 8.3],
    ['CVE-2003-0062', 'AV:L/AC:H/Au:N/C:C/I:C/A:C', 6.2],
    ['CVE-2003-0062 with time', 'AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C', 4.9],
  ])('scores %s as the guide does', (_, vector, expected) => {
    expect(score(vector)).toBe(expected)
  })

  it('is nothing without an impact', () => {
    expect(score('AV:N/AC:L/Au:N/C:N/I:N/A:N')).toBe(0)
  })

  it('takes what is not defined for absent', () => {
    expect(score(`${apache}/E:ND/RL:ND/RC:ND/CDP:ND/TD:ND/CR:ND/IR:ND/AR:ND`)).toBe(score(apache))
  })
})
