import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packageList } from '../../../documents/parameters.ts'
import {
  cleanText,
  grammarOf,
  installItemsMax,
  isHostId,
  isInstallable,
  isPackageName,
  isPackageVersion,
  quoted,
} from '../../../functions/finding/text.ts'
import { parseTimestamp } from '../../../functions/finding/timestamp.ts'

const hostile = ['foo; curl x|sh', 'foo`id`', 'foo$(reboot)', 'foo&&bar', '-oProxyCommand', '../etc', 'a b', 'a\nb', '']

describe('3.8 package grammars', () => {
  it('B1 B2 what may be installed is what the documents take, no more and no less', () => {
    const pattern = new RegExp(packageList.allowedPattern)
    const word = (start: string, unit: fc.Arbitrary<string>) =>
      fc.oneof(
        fc.string({ unit, maxLength: 8 }),
        fc.nat(130).map((length) => start.repeat(length)),
      )
    const unit = fc.constantFrom('a', 'Z', '0', '.', '+', '-', '_', '~', '^', ':', '=', ' ', ';', '\n', 'ä')
    fc.assert(
      fc.property(word('a', unit), word('1', unit), (name, version) => {
        const isOneItem = pattern.test(`${name}=${version}`) && !`${name}${version}`.includes(' ')
        expect([name, version, isInstallable(name, version)]).toEqual([name, version, isOneItem])
      }),
      {
        numRuns: 3_000,
        examples: [
          ['a=1 b', '1'],
          ['a', '1 b=1'],
          ['', ''],
          ['a', '1-'],
          ['a', '1~'],
        ],
      },
    )
    expect(isInstallable('libssl3', '3.0.2-0ubuntu1.21')).toBe(true)
    const long = 'a'.repeat(128)
    const list = Array.from({ length: installItemsMax }, () => `${long}=${'1'.repeat(128)}`).join(' ')
    expect([pattern.test(list), packageList.maxChars]).toEqual([true, list.length])
  })

  it.each(hostile)('B1 no grammar that reaches a shell takes the name %j', (name) => {
    expect((['dpkg', 'rpm', 'generic'] as const).filter((grammar) => isPackageName(name, grammar))).toEqual([])
  })

  it.each(['1.0$(reboot)', '1.0`id`', '1.0%0a', '1.0;x', '1.0 2', '-1', '', '1:2:3', '1.0\n'])(
    'B2 no grammar takes the version %j',
    (version) => {
      const grammars = ['dpkg', 'rpm', 'windows', 'generic'] as const
      expect(grammars.filter((grammar) => isPackageVersion(version, grammar))).toEqual([])
    },
  )

  it.each([
    ['dpkg', 'libstdc++6', '1:2.63+22.04ubuntu0.1~rc1'],
    ['rpm', 'kernel-5.15', '32:9.16.48-1.amzn2023.0.3'],
    ['rpm', 'python3_foo', '1.2.3^20230101git-1.fc39'],
    ['windows', 'Microsoft Windows Server 2019', '10.0.17763.4974'],
    ['generic', 'openssl', '3.0.8-r4'],
  ] as const)('takes %s names and versions as they really are: %s %s', (grammar, name, version) => {
    expect([isPackageName(name, grammar), isPackageVersion(version, grammar)]).toEqual([true, true])
  })

  it('knows the package manager of a platform, and none for an unknown one', () => {
    expect(
      ['UBUNTU_22_04', 'AMAZON_LINUX_2', 'WINDOWS_SERVER_2019', 'ALPINE_LINUX_3_17', undefined].map(grammarOf),
    ).toEqual(['dpkg', 'rpm', 'windows', 'generic', 'generic'])
  })
})

describe('3.8 isHostId', () => {
  it.each(['i-12345678', 'i-12345678901234567', 'mi-0a1b2c3d4e5f60718'])('takes %s', (id) => {
    expect(isHostId(id)).toBe(true)
  })

  it.each([
    'i-0abc12345678901; rm -rf /',
    'i-1234567890123456',
    'i-123456789012345678',
    'i-1234567g',
    'I-12345678',
    'x-12345678',
    'i-12345678\n',
    ' i-12345678',
  ])('B3 refuses %j', (id) => {
    expect(isHostId(id)).toBe(false)
  })
})

describe('3.8 cleanText', () => {
  it.each([
    ['B7 right-to-left override', 'safe\u202egnp.exe', 'safegnp.exe', 'bidi-stripped'],
    ['B7 zero-width characters', 'a\u200bd\u2060min\ufeff', 'admin', 'zero-width-stripped'],
    ['B7 invisible tag characters', 'ok\u{e0041}\u{e0042}', 'ok', 'zero-width-stripped'],
    ['B9 line breaks', 'Subject\r\nBcc: x@example.com', 'Subject Bcc: x@example.com', 'control-stripped'],
    ['control characters', 'a\u0000b\u001b[31m\u009bc', 'ab[31mc', 'control-stripped'],
    ['B7 a Cyrillic letter among Latin ones', 'p\u0430ypal', 'p\u0430ypal', 'mixed-script'],
  ])('mends and flags %s', (_, raw, text, flag) => {
    expect(cleanText(raw, 100)).toEqual({ text, flags: [flag] })
  })

  it('B6 keeps HTML as text: whoever shows it escapes it', () => {
    const raw = '<img src=x onerror=alert(1)>'
    expect(cleanText(raw, 100)).toEqual({ text: raw, flags: [] })
  })

  it('keeps the lines of a description', () => {
    expect(cleanText('one\ntwo', 100, { keepsLines: true })).toEqual({ text: 'one\ntwo', flags: [] })
  })

  it('B18 cuts long text, flags it and leaves no half character', () => {
    const cut = cleanText(`${'a'.repeat(9)}\u{1f600}${'b'.repeat(100_000)}`, 10)
    expect(cut.flags).toEqual(['text-cut'])
    expect(cut.text).toHaveLength(10)
    expect(cut.text.isWellFormed()).toBe(true)
  })

  it('leaves nothing invisible, whatever comes in', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone.
    const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (raw, lengthMax) => {
        const { text } = cleanText(raw, lengthMax)
        expect(invisible.test(text)).toBe(false)
        expect(text.length).toBeLessThanOrEqual(lengthMax)
      }),
    )
  })

  it('B10 quotes a value for a message in one short line', () => {
    expect(quoted('x\n{"level":"ERROR"}')).toBe('"x {\\"level\\":\\"ERROR\\"}"')
    expect(quoted('y'.repeat(1_000)).length).toBeLessThan(100)
  })
})

describe('3.8 patterns', () => {
  it.each([
    ['a'.repeat(100_000)],
    [`${'1:'.repeat(50_000)}!`],
    [`${'-'.repeat(100_000)};`],
    [`Wed ${' '.repeat(100_000)}`],
    [`i-${'0'.repeat(100_000)}`],
  ])('B20 answer a hostile text at once (case %#)', (text) => {
    const started = performance.now()
    for (const grammar of ['dpkg', 'rpm', 'windows', 'generic'] as const) {
      isPackageName(text, grammar)
      isPackageVersion(text, grammar)
    }
    isHostId(text)
    parseTimestamp(text, 0)
    cleanText(text, 1_024)
    expect(performance.now() - started).toBeLessThan(50)
  })
})
