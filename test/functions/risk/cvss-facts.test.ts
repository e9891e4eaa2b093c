import { describe, expect, it } from 'vitest'
import { cvssFacts } from '../../../functions/risk/cvss-facts.ts'

const of31 = (more: string) => `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:${more}/I:H/A:H`
const of40 = 'CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N'

describe('B13 cvssFacts', () => {
  it('takes the newest version that can be read, whatever its score', () => {
    expect(cvssFacts([of31('H'), of40]).cvss).toMatchObject({ version: '4.0' })
  })

  it('takes the highest score of that version', () => {
    expect(cvssFacts([of31('N'), of31('H'), of31('L')]).cvss).toMatchObject({ vector: of31('H') })
  })

  it('gives the same for any order', () => {
    const same = ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N']
    expect(cvssFacts(same)).toEqual(cvssFacts(same.toReversed()))
  })

  it('names each vector that cannot be read once, and never scores it', () => {
    const { cvss, cvssRefused } = cvssFacts(['CVSS:4.0/nonsense', 'CVSS:4.0/nonsense', of31('H')])
    expect([cvss, cvssRefused]).toMatchObject([{ version: '3.1' }, { length: 1 }])
  })

  it('says nothing without a vector', () => {
    expect(cvssFacts([])).toEqual({})
  })
})
