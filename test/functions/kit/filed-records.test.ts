import { describe, expect, it } from 'vitest'
import { filedRecords } from '../../../functions/kit/filed-records.ts'
import { keys } from '../../../functions/kit/keys.ts'
import type { EvidenceRecord, RecordKey } from '../../../functions/kit/ledger.ts'

const [changeA, changeB] = ['01JA000000000000000000000A', '01JB000000000000000000000B']
const leaf = (leafId: string, changeId: string): EvidenceRecord => ({
  ...{ leafId, changeId, at: '2026-11-23T10:00:00.000Z', type: 'test', account: '123456789012', actor: 'drydock' },
  body: {},
})
const move = (key: RecordKey, from: number) => ({ kind: 'test', key, from, value: {} })
const versionsOf = (records: readonly EvidenceRecord[]) => records.map(({ versions }) => versions)

describe('8.4 filedRecords', () => {
  it("names on a change's first leaf the moves of the change's own records, and of no shared one", () => {
    const moves = [
      move(keys.change(changeA), 3),
      move(keys.ballot(changeA), 0),
      move(keys.change(changeB), 7),
      move(keys.lease('i-1'), 4),
    ]
    const evidence = [leaf('1', changeA), leaf('2', changeB), leaf('3', changeA)] as const
    expect(versionsOf(filedRecords({ moves, evidence: [...evidence] }))).toEqual([
      [
        ['CHANGE/CHANGE', 3, 4],
        ['QUESTION#approval/QUESTION', 0, 1],
      ],
      [['CHANGE/CHANGE', 7, 8]],
      undefined,
    ])
  })

  it('names a deletion as a move to 0', () => {
    const drops = [{ key: keys.ring(changeA, 'dev'), from: 2 }]
    expect(versionsOf(filedRecords({ moves: [], drops, evidence: [leaf('1', changeA)] }))).toEqual([
      [['CHANGE/RING#dev', 2, 0]],
    ])
  })

  it('names every move on the first leaf of a transaction outside any change', () => {
    const moves = [move(keys.finding('F1'), 0), move(keys.stop(), 1)]
    expect(versionsOf(filedRecords({ moves, evidence: [leaf('1', 'none'), leaf('2', 'none')] }))).toEqual([
      [
        ['FINDING#F1/FINDING', 0, 1],
        ['CONTROL/STOP', 1, 2],
      ],
      undefined,
    ])
  })

  it('leaves a leaf without moves of its own as it is', () => {
    const record = leaf('1', changeA)
    expect(filedRecords({ moves: [move(keys.lease('i-1'), 4)], evidence: [record] })).toEqual([record])
  })
})
