import { afterEach, describe, expect, it, vi } from 'vitest'
import { print, printExact, printJson, say, table } from '../../cli/output.ts'

const written = { stdout: '', stderr: '' }
function listen() {
  for (const stream of ['stdout', 'stderr'] as const) {
    written[stream] = ''
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text)
      return true
    })
  }
}
afterEach(() => vi.restoreAllMocks())

const hostile = 'p\u202Eayload \u001b[2J\u009b31m\u0007\u200b title'

describe('10.3 what the command prints', () => {
  it('B6 B7 B10 holds nothing that a terminal obeys, on either stream', () => {
    listen()
    print(`first\n${hostile}`)
    say(hostile)
    expect(written.stdout).toBe('first\npayload [2J31m title\n')
    expect(written.stderr).toBe('payload [2J31m title\n')
  })

  it('B10 keeps a row of a table on its line, and marks letters that imitate', () => {
    const text = table(['TITLE', 'STATE'], [[`${hostile}\nfake  row`, 'p\u0430id']])
    expect(text.split('\n')).toHaveLength(2)
    expect(text).toContain('payload [2J31m title fake row')
    expect(text).toContain('U+0430')
  })

  it('leaves names of other scripts alone', () => {
    listen()
    print('Ольга approved')
    expect(written.stdout).toBe('Ольга approved\n')
  })

  it('changes no byte of JSON', () => {
    listen()
    printExact('{"a":"\u202E"}')
    printJson({ title: hostile })
    const [exact, document = ''] = written.stdout.split('\n')
    expect(exact).toBe('{"a":"\u202E"}')
    expect(JSON.parse(document)).toEqual({ schemaVersion: 1, title: hostile })
  })
})
