import { describe } from 'vitest'
import { memoryLedger } from '../../simulator/ports/ledger.ts'
import { ledgerContract } from './ledger.ts'

describe('the ledger in memory', () => {
  ledgerContract(() => {
    const ledger = memoryLedger()
    return { ledger, leafIds: async () => ledger.outbox().map(({ leafId }) => leafId) }
  })
})
