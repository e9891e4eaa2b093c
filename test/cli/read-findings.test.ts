import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { textIn } from '../../cli/read-findings.ts'

const json = '{"findings":[{"title":"größer"}]}'
const utf8 = Buffer.from(json)
const little = Buffer.from(json, 'utf16le')
const big = Buffer.from(json, 'utf16le').swap16()
const marked = (mark: readonly number[], bytes: Buffer) => Buffer.concat([Buffer.from(mark), bytes])

describe('3.8 the text of a findings file', () => {
  it.each([
    ['UTF-8', utf8],
    ['UTF-8 with a byte order mark', marked([0xef, 0xbb, 0xbf], utf8)],
    ['UTF-16 little endian with a mark', marked([0xff, 0xfe], little)],
    ['UTF-16 big endian with a mark', marked([0xfe, 0xff], big)],
    ['UTF-16 little endian', little],
    ['UTF-16 big endian', big],
    ['gzip', gzipSync(utf8)],
    ['gzip in gzip', gzipSync(gzipSync(utf8))],
    ['UTF-16 in gzip', gzipSync(marked([0xff, 0xfe], little))],
  ])('reads %s', (_, bytes) => {
    expect(textIn(bytes)).toBe(json)
  })

  it.each([
    ['a zip archive', Buffer.from('PK\u0003\u0004'), 'zip archive'],
    ['a gzip file that ends early', gzipSync(utf8).subarray(0, -8), 'cannot be unpacked'],
    ['bytes of no encoding', Buffer.from([0x7b, 0xef, 0x22, 0xff]), 'neither UTF-8 nor UTF-16'],
  ])('refuses %s with the reason', (_, bytes, reason) => {
    expect(() => textIn(bytes)).toThrow(reason)
  })

  it('reads nothing as nothing', () => {
    expect(textIn(Buffer.alloc(0))).toBe('')
  })
})
