import { describe, expect, it } from 'vitest'
import { FindingRecord } from '../../../functions/finding/finding.ts'
import { recordFinding } from '../../../functions/intake/record-finding.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { Transaction } from '../../../functions/kit/ledger.ts'
import { anyCopy, anyFinding } from '../finding/any-finding.ts'
import { memoryPorts } from './intake-fixtures.ts'

const newer = '2026-03-03T09:00:00.000Z'

describe('3.8 recordFinding', () => {
  it('writes a finding, one leaf of evidence and one nudge', async () => {
    const ports = memoryPorts()
    const finding = anyFinding()
    expect(await recordFinding(finding, ports)).toEqual({
      findingId: finding.findingId,
      outcome: 'recorded',
      because: 'new',
    })
    expect(await ports.ledger.read(FindingRecord, keys.finding(finding.findingId))).toMatchObject({
      version: 1,
      value: finding,
    })
    expect(ports.ledger.outbox()).toMatchObject([
      {
        type: 'finding.recorded',
        changeId: 'none',
        account: '999988887777',
        body: { findingId: finding.findingId, because: 'new' },
      },
    ])
    const { findingId } = finding
    expect(ports.nudges.sent).toEqual([
      { stage: 'assess', message: { findingId }, delaySeconds: 0 },
      { stage: 'enrich', message: { findingId }, delaySeconds: 0 },
    ])
  })

  it('F1 a copy delivered 100 times is one version and one leaf', async () => {
    const ports = memoryPorts()
    for (let count = 0; count < 100; count++) await recordFinding(anyFinding(), ports)
    expect((await ports.ledger.read(FindingRecord, keys.finding(anyFinding().findingId)))?.version).toBe(1)
    expect(ports.ledger.outbox()).toHaveLength(1)
  })

  it('F1 nudges again when a known copy is delivered again: a crash may have come before the first nudge', async () => {
    const ports = memoryPorts()
    const broken = { ...ports, nudges: { send: () => Promise.reject(new Error('killed')) } }
    await expect(recordFinding(anyFinding(), broken)).rejects.toThrow('killed')
    expect(await recordFinding(anyFinding(), ports)).toMatchObject({ outcome: 'unchanged', because: 'same' })
    expect(ports.nudges.sent.map(({ stage }) => stage)).toEqual(['assess', 'enrich'])
  })
})

describe('3.8 recordFinding, later copies', () => {
  it('F2 I7 an older copy after a closing one changes nothing and wakes nobody', async () => {
    const ports = memoryPorts()
    await recordFinding(anyFinding({ status: 'closed', updatedAt: newer }), ports)
    expect(await recordFinding(anyFinding(), ports)).toMatchObject({ outcome: 'unchanged', because: 'older' })
    expect((await ports.ledger.read(FindingRecord, keys.finding(anyFinding().findingId)))?.value.status).toBe('closed')
    expect(ports.nudges.sent.map(({ stage }) => stage)).toEqual(['assess'])
  })

  it('I7 each move is one version and one leaf: recorded, updated, closed', async () => {
    const ports = memoryPorts()
    await recordFinding(anyFinding(), ports)
    await recordFinding(anyFinding({ severity: 'critical', updatedAt: '2026-03-02T10:00:00.000Z' }), ports)
    await recordFinding(anyFinding({ status: 'closed', updatedAt: newer }), ports)
    expect(ports.ledger.outbox().map(({ type }) => type)).toEqual([
      'finding.recorded',
      'finding.updated',
      'finding.closed',
    ])
    expect((await ports.ledger.read(FindingRecord, keys.finding(anyFinding().findingId)))?.version).toBe(3)
  })

  it('a copy in another format that says nothing new is recorded and wakes nobody', async () => {
    const ports = memoryPorts()
    await recordFinding(anyFinding(), ports)
    expect(await recordFinding(anyCopy('asff'), ports)).toMatchObject({ outcome: 'updated', because: 'new-copy' })
    expect(ports.nudges.sent.map(({ stage }) => stage)).toEqual(['assess', 'enrich'])
  })

  it('lists active findings before closed ones, the oldest first', async () => {
    const ports = memoryPorts()
    const ids = ['a', 'b', 'c'].map((letter) => `F${letter.repeat(25)}`)
    await recordFinding(anyFinding({ findingId: ids[0] ?? '', status: 'closed' }), ports)
    await recordFinding(anyFinding({ findingId: ids[1] ?? '' }), ports)
    await recordFinding(anyFinding({ findingId: ids[2] ?? '', firstObservedAt: '2026-01-01T00:00:00.000Z' }), ports)
    const listed = await ports.ledger.list(FindingRecord, lists.findings)
    expect(listed.map(({ value }) => value.findingId)).toEqual([ids[2], ids[1], ids[0]])
  })
})

describe('3.8 recordFinding, conflicts and limits', () => {
  it('F11 reads again when another writer was first, and overwrites nothing', async () => {
    const ports = memoryPorts()
    let isFirst = true
    const commit = async (transaction: Transaction) => {
      if (isFirst) {
        isFirst = false
        await recordFinding(anyCopy('asff', { title: 'From ASFF' }), { ...ports, ledger: ports.ledger })
      }
      return ports.ledger.commit(transaction)
    }
    await recordFinding(anyFinding(), { ...ports, ledger: { ...ports.ledger, commit } })
    const read = await ports.ledger.read(FindingRecord, keys.finding(anyFinding().findingId))
    expect(read?.version).toBe(2)
    expect(read?.value.copies.map(({ format }) => format)).toEqual(['inspector2', 'asff'])
  })

  it('F11 gives up after five conflicts with DD1101, so that the message is delivered again', async () => {
    const ports = memoryPorts()
    let tries = 0
    const commit = async (transaction: Transaction) => {
      tries++
      return { conflict: transaction.moves[0]?.key ?? keys.stop() }
    }
    await expect(recordFinding(anyFinding(), { ...ports, ledger: { ...ports.ledger, commit } })).rejects.toThrow(
      'DD1101',
    )
    expect([tries, ports.nudges.sent.length]).toEqual([5, 0])
  })

  it('B21 refuses a finding that no item can hold', async () => {
    const ports = memoryPorts()
    const packages = Array.from({ length: 2_000 }, (_, index) => ({
      ...{
        name: `p${index}`,
        installedVersion: '1',
        manager: 'JAR',
        isPatchable: false,
        filePath: `/opt/${'x'.repeat(200)}`,
      },
    }))
    expect(await recordFinding(anyFinding({ packages }), ports)).toMatchObject({ refused: 'TOO_LARGE' })
    expect(ports.ledger.outbox()).toEqual([])
  })

  it('I14 no tag and no description goes into evidence', async () => {
    const ports = memoryPorts()
    const resource = { ...anyFinding().resource, tags: { token: 'canary-4711' } }
    await recordFinding(anyFinding({ resource, description: 'canary-4711' }), ports)
    expect(JSON.stringify(ports.ledger.outbox())).not.toContain('canary-4711')
  })
})
