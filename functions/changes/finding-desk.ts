/** Decides about findings as intake records them, so that one transaction and one leaf say both. */
import type { FindingDesk } from '../intake/index.ts'
import type { AssessPorts } from './assess-finding.ts'
import { decideFinding } from './decide-finding.ts'
import { settleFinding } from './settle-finding.ts'

/**
 * The desk of intake. A fault in deciding never keeps a finding from being recorded: the assessment that is nudged
 * instead meets it again, and reports it.
 */
export const findingDesk = (ports: AssessPorts): FindingDesk => ({
  async decide(finding, recorded) {
    const decision = await decideFinding(finding, recorded, ports).catch(() => undefined)
    return decision && { ...decision, settle: () => settleFinding(finding, decision, ports) }
  },
})
