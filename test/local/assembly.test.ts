import { describe, expect, it } from 'vitest'
import { contextOf, placeholders, withAddresses } from '../../local/assembly.ts'

const addresses = {
  ssmEndpoint: 'http://127.0.0.1:1001',
  consoleUrl: 'http://127.0.0.1:1002',
  feeds: {
    kev: 'http://127.0.0.1:1003/kev.json',
    epss: 'http://127.0.0.1:1003/epss.csv.gz',
    vulnrichment: 'http://127.0.0.1:1003/vulnrichment',
  },
}

describe('10.1 the assembly of the local hub', () => {
  it('made with placeholders and filled in is what it would have been with the addresses', () => {
    const [made, wanted] = [contextOf(placeholders, []), contextOf(addresses, [])].map((context) =>
      JSON.stringify([context, JSON.stringify(context)]),
    )
    expect(made).not.toBe(wanted)
    expect(withAddresses(made ?? '', addresses)).toBe(wanted)
  })

  it('has no placeholder within another, which would be filled in twice', () => {
    const { feeds, ...others } = placeholders
    const all = [...Object.values(others), ...Object.values(feeds)]
    for (const one of all) expect(all.filter((other) => other.includes(one))).toEqual([one])
  })
})
