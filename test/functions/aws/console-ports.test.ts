import { describe, expect, it, vi } from 'vitest'
import { consolePorts, consoleSettings } from '../../../functions/aws/console-ports.ts'
import { logger } from '../../../functions/kit/lambda-handler.ts'

const ports = () =>
  consolePorts({
    table: 'table',
    account: '123456789012',
    consoleUrl: 'https://console.example',
    evidenceBucket: 'evidence',
    endpointUrl: undefined,
  })

/** What is written to standard output meanwhile. */
function written(work: () => void): string[] {
  const lines: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  work()
  spy.mockRestore()
  return lines
}

describe('10.1 the ports of the console', () => {
  it('read the table, the account and the address, and nothing else of the configuration', () => {
    expect(Object.keys(consoleSettings).sort()).toEqual([
      'account',
      'consoleUrl',
      'endpointUrl',
      'evidenceBucket',
      'table',
    ])
    expect(ports()).toMatchObject({ account: '123456789012', consoleUrl: 'https://console.example' })
  })

  it('make a nonce of 128 random bits, another each time', () => {
    const nonces = Array.from({ length: 20 }, ports().makeNonce)
    expect(new Set(nonces).size).toBe(20)
    for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
  })

  it('count each metric at once: nothing flushes at the end of a request', () => {
    const lines = written(() => ports().metrics.count('VotesRefused', 2))
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ VotesRefused: 2, _aws: expect.anything() }])
  })

  it.each([
    [new Error('no table'), 'no table'],
    ['odd', 'odd'],
  ])('log the fault behind a 500 with its path: %s', (fault, text) => {
    const lines: unknown[] = []
    const spy = vi.spyOn(logger, 'error').mockImplementation((...parts) => void lines.push(parts))
    ports().onFault(fault, '/changes')
    spy.mockRestore()
    expect(lines).toMatchObject([['the console failed', { path: '/changes' }]])
    expect(JSON.stringify(lines, (_, value) => (value instanceof Error ? value.message : value))).toContain(text)
  })
})
