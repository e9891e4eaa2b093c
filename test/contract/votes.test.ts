import { describe } from 'vitest'
import { memoryLedger } from '../../simulator/ports/ledger.ts'
import { votesContract } from './votes.ts'

describe('11.5 votes on the ledger in memory', () => {
  votesContract(memoryLedger)
})
