/** Builders of a change whose leaves carry versions, end it, and name a file. */
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { archive } from '../../../functions/evidence/archive.ts'
import { toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import type { EvidenceRecord } from '../../../functions/kit/ledger.ts'
import { anyArchive, anyRecord, changeA, changeB } from './any-log.ts'

const plan = utf8('{"hosts":["i-1"]}')
export const planPath = `v1/object/${toHex(sha256(plan))}.json`

/** Leaves of change A among those of B: the third names a file, the `closing`th ends it, two come after. */
export function changeRecords(closing = 6): EvidenceRecord[] {
  let version = 0
  return Array.from({ length: 3 * (closing + 2) }, (_, number) => {
    if (number % 3 !== 0)
      return anyRecord(number, { changeId: changeB, versions: [['CHANGE/CHANGE', number, number + 1]] })
    version++
    const versions = [['CHANGE/CHANGE', version - 1, version]] as const
    const body = version === 3 ? { plan: { object: planPath } } : { version }
    const closes = version === closing ? ({ closes: true } as const) : {}
    return anyRecord(number, { changeId: changeA, body, versions, ...closes })
  })
}

/** A log with such a change, archived. */
export async function filed(records: readonly EvidenceRecord[] = changeRecords()) {
  const made = anyArchive(records)
  made.store.objects.set(planPath, plan)
  await archive(made)
  return made
}
