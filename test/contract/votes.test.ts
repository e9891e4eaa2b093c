import { describe } from 'vitest'
import { memoryLedger } from '../../local/ports/ledger.ts'
import { votesContract } from './votes.ts'

describe('11.5 votes on the ledger in memory', () => {
  votesContract(memoryLedger)
})
