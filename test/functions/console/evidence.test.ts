import { describe, expect, it } from 'vitest'
import { type EvidencePorts, evidenceApp } from '../../../functions/console/evidence.ts'
import { anyConsole } from './any-console.ts'

const textOf = async (ports: EvidencePorts) => (await evidenceApp(ports).request('/evidence')).text()

describe('10.3 the state of evidence', () => {
  it('is the head alone where filing cannot be seen', async () => {
    const { ledger, clock } = await anyConsole()
    const text = await textOf({ ledger, clock })
    expect(text).toMatch(/Leaves in the log<\/dt><dd>0<.*Moved last<\/dt><dd>never</su)
    expect(text).not.toContain('Filing')
  })

  it('says how large the log is, and when it moved last', async () => {
    const { ports } = await anyConsole()
    const { version, head } = await ports.logHead.read()
    await ports.logHead.advance(version, { ...head, size: 7, at: '2026-01-01T00:09:00.000Z', root: 'ca'.repeat(32) })
    const text = await textOf(ports)
    expect(text).toMatch(/Leaves in the log<\/dt><dd>7<.*2026-01-01 00:09:00 UTC.*<code>(ca){32}</su)
  })

  it('I20 is not well where the outbox cannot be read: what is unknown is called so', async () => {
    const { ports } = await anyConsole()
    const outbox = { ...ports.outbox, pending: async () => Promise.reject(new Error('no connection')) }
    const text = await textOf({ ...ports, outbox })
    expect(text).toContain('Filing is behind')
    expect(text).toMatch(/Waiting<\/dt><dd>unknown<.*Behind for<\/dt><dd>unknown</su)
  })

  it('lists the twenty that have waited longest, and counts up to two hundred', async () => {
    const { ports, ledger } = await anyConsole()
    const [leaf] = ledger.outbox()
    if (leaf === undefined) throw new Error('nothing waits')
    const waiting = Array.from({ length: 300 }, (_, index) => ({ ...leaf, leafId: String(index), changeId: 'none' }))
    const outbox = { ...ports.outbox, pending: async (limit: number) => waiting.slice(0, limit) }
    const text = await textOf({ ...ports, outbox })
    expect(text).toContain('200 or more')
    expect(text).toContain('The 20 that have waited longest')
    expect(text.split(leaf.type)).toHaveLength(21)
  })
})
