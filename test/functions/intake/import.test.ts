import { describe, expect, it } from 'vitest'
import { fixtureText, imported } from './intake-fixtures.ts'

describe('3.8 importText', () => {
  it('reads JSON Lines and merges the copies of one finding', () => {
    const { items, findings, refusals } = imported(fixtureText('findings/findings.jsonl'))
    expect([items.length, findings.length, refusals.length]).toEqual([3, 1, 0])
    expect(findings[0]?.copies.map(({ format }) => format)).toEqual(['inspector2', 'asff', 'ocsf'])
  })

  it('names the line of JSON Lines that is refused and reads the others', () => {
    const [first] = fixtureText('findings/findings.jsonl').split('\n')
    const { findings, refusals } = imported(`${first}\nnot json\n\n{"a":1}\r\n`)
    expect(findings).toHaveLength(1)
    expect(refusals.map(({ refused, at }) => [refused, at])).toEqual([
      ['NOT_JSON', 'line 2: $'],
      ['UNKNOWN_FORMAT', 'line 4: $'],
    ])
  })

  it('reads past a byte order mark', () => {
    expect(imported(`\ufeff${fixtureText('findings/asff-network.json')}`).findings).toHaveLength(1)
  })

  it.each([
    ['nothing', '', 'EMPTY'],
    ['blanks', ' \n\t', 'EMPTY'],
    ['a byte order mark alone', '\ufeff', 'EMPTY'],
    ['an empty list', '[]', 'EMPTY'],
    ['CSV', 'cve,epss\nCVE-1,0.1\n', 'NOT_JSON'],
    ['a truncated file', '{"findings": [{"findingArn": "arn', 'NOT_JSON'],
    ['a word', '"hello"', 'UNKNOWN_FORMAT'],
  ])('refuses %s with a reason', (_, text, code) => {
    const { findings, refusals } = imported(text)
    expect(findings).toEqual([])
    expect(refusals.map(({ refused }) => refused)).toEqual([code])
    expect(refusals[0]?.detail).not.toBe('')
  })

  it("says of Inspector's report for people that it is a table", () => {
    const { refusals } = imported('AWS Account Id,Severity,Fix Available,Finding Type\r\n444455556666,HIGH,YES,x\r\n')
    expect(refusals).toMatchObject([
      { refused: 'NOT_JSON', detail: expect.stringContaining('export the findings as JSON') },
    ])
    expect(imported('{"a":1,"b":2,').refusals[0]?.detail).toContain('not JSON and not JSON Lines')
  })

  it('B10 quotes nothing dangerous from a file that is no JSON', () => {
    const { refusals } = imported('\u202e\u001b[31m<script>\n{"level":"ERROR"}')
    expect(refusals[0]?.detail).toMatch(/^[\x20-\x7e]*$/)
  })
})
