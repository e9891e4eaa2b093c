/** What the log's head and the outbox do, in memory and on DynamoDB alike. */
import { expect, it } from 'vitest'
import { emptyHead } from '../../functions/evidence/head.ts'
import type { LogHead, Outbox } from '../../functions/evidence/ports.ts'
import type { EvidenceRecord, Ledger } from '../../functions/kit/ledger.ts'
import { anyRecords } from '../functions/evidence/any-log.ts'

export function logHeadContract(make: () => LogHead) {
  it('I8 F11 moves from the version that was read, or not at all', async () => {
    const head = make()
    expect(await head.read()).toEqual({ version: 0, head: emptyHead })
    expect(await head.advance(0, emptyHead)).toBe('advanced')
    expect(await head.advance(0, { ...emptyHead, lastError: 'late' })).toBe('conflict')
    expect(await head.advance(2, { ...emptyHead, lastError: 'early' })).toBe('conflict')
    expect(await head.read()).toEqual({ version: 1, head: emptyHead })
  })

  it('F11 of many archivers that move it at once, one does', async () => {
    const head = make()
    const { version } = await head.read()
    const answers = await Promise.all(Array.from({ length: 8 }, () => head.advance(version, emptyHead)))
    expect(answers.filter((answer) => answer === 'advanced')).toHaveLength(1)
  })
}

export interface OutboxUnderTest {
  readonly ledger: Ledger
  readonly outbox: Outbox
}

export function outboxContract(make: () => OutboxUnderTest) {
  const file = async (ledger: Ledger, records: readonly EvidenceRecord[]) => {
    for (const record of records)
      await ledger.commit({
        moves: [{ kind: 'note', key: { pk: `NOTE#${record.leafId}`, sk: 'NOTE' }, from: 0, value: {} }],
        evidence: [record],
      })
  }

  it('I8 gives what the ledger committed, oldest first, until it is removed', async () => {
    const { ledger, outbox } = make()
    const records = anyRecords(5, 100)
    await file(ledger, records.toReversed())
    expect(await outbox.pending(10)).toEqual(records)
    expect(await outbox.pending(2)).toEqual(records.slice(0, 2))
    await outbox.remove(records.slice(0, 3).map(({ leafId }) => leafId))
    expect(await outbox.pending(10)).toEqual(records.slice(3))
    await outbox.remove(records.map(({ leafId }) => leafId))
    expect(await outbox.pending(10)).toEqual([])
  })
}
