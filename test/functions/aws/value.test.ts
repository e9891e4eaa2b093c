import { createHash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { packingDictionary } from '../../../functions/aws/packing-dictionary.ts'
import { storedItems } from '../../../functions/aws/stored-items.ts'
import { packedValue, storedText } from '../../../functions/aws/value.ts'

const key = { pk: 'CHANGE#1', sk: 'PLAN#1' }
const anyLeaf = { leafId: '1', at: '', type: 'test.x', account: '', changeId: 'none', actor: '', body: {} }
const idOf = (index: number) => `i-0${createHash('sha256').update(String(index)).digest('hex').slice(0, 16)}`

/** What takes the room in a plan: every id twice, far apart, and facts that hosts share. */
const planOf = (hosts: number) =>
  JSON.stringify({
    hosts: Array.from({ length: hosts }, (_, order) => ({
      hostId: idOf(order),
      order,
      zone: `z${order % 3}`,
      services: ['web'],
      startSeconds: 600 * Math.floor(order / 50),
      durationSeconds: 600,
      account: '123456789012',
      region: 'eu-central-1',
    })),
    previous: Object.fromEntries(
      Array.from({ length: hosts }, (_, order) => [idOf(hosts - order - 1), { snapd: '2.58+22.04' }]),
    ),
  })

const leafWords = {
  assessment: { facts: { inKev: false, kevForensicTriage: false, publiclyExposed: true, technicalImpact: 'total' } },
  policyRisk: { feedAgeHoursMax: 72, missingVulnrichment: 'sixty-days', tables: ['cisa-bod-26-04', 'ssvc-deployer'] },
  reasons: ['not in CISA KEV', 'its service is exposed to the internet', 'tier mission-critical'],
}

describe('B21 the value of a record', () => {
  it('stands as it is while it is short', () => {
    expect(packedValue('{"a":"ü"}')).toEqual({ S: '{"a":"ü"}' })
    expect(storedText({ S: 'x' })).toBe('x')
  })

  it('of a leaf is packed with the words that leaves share, and comes back as it was', () => {
    const text = JSON.stringify({ ...leafWords, more: Array.from({ length: 20 }, (_, index) => idOf(index)) })
    const value = packedValue(text)
    expect('B' in value && value.B[0]).toBe(0x11)
    expect('B' in value && value.B.length).toBeLessThan(brotliCompressSync(text).length)
    expect(storedText(value)).toBe(text)
  })

  it('that was packed without them is read, and no such packing begins with their mark', () => {
    for (const [index, quality] of [0, 5, 9, 11].entries())
      for (const window of [10, 16, 18, 22, 24]) {
        const text = planOf(index + 3)
        const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: window }
        const packed = brotliCompressSync(text, { params })
        expect(packed[0]).not.toBe(0x11)
        expect(storedText({ B: packed })).toBe(text)
      }
  })

  it('keeps the words by which stored values are read: a change of them is a new version beside the old', () => {
    expect(createHash('sha256').update(packingDictionary).digest('hex')).toBe(
      '9dcf45fb2d97e34d7ca318a52c81470b74f62564ead717e798158bd829ada946',
    )
  })

  it('of a plan over 10,000 hosts fits into one item, and comes back as it was', () => {
    const text = planOf(10_000)
    const value = packedValue(text)
    expect('B' in value && value.B.length).toBeLessThan(250_000)
    expect(storedText(value)).toBe(text)
  })

  it('that does not even fit packed is refused by its name', () => {
    const noise = Array.from({ length: 14_000 }, (_, index) =>
      createHash('sha512').update(String(index)).digest('base64'),
    )
    const move = { kind: 'plan', key, from: 0, value: noise.join('') }
    expect(() => storedItems({ moves: [move], evidence: [anyLeaf] })).toThrow(
      /record CHANGE#1 \/ PLAN#1 has \d+ bytes as stored/,
    )
  })
})
