import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assess } from '../../../functions/risk/assess.ts'
import type { RiskFacts } from '../../../functions/risk/assessment.ts'
import { evaluate } from '../../../functions/risk/decision-table.ts'
import { officialTables } from '../../../functions/risk/tables.ts'
import { sharedTables } from '../../shared-samples.ts'
import { anyFacts, anyRiskPolicy, sha256 } from './any-facts.ts'
import { dueAt, expected } from './decision-oracle.ts'

/** Every choice of one value for each name. */
function everyOf<Values extends Record<string, readonly unknown[]>>(
  values: Values,
): { [Name in keyof Values]: Values[Name][number] }[]
function everyOf(values: Record<string, readonly unknown[]>): Record<string, unknown>[] {
  return Object.entries(values).reduce<Record<string, unknown>[]>(
    (heads, [name, choices]) => heads.flatMap((head) => choices.map((choice) => ({ ...head, [name]: choice }))),
    [{}],
  )
}

const inputs = {
  inKev: [true, false],
  kevForensicTriage: [true, false],
  exposure: ['internet', 'unknown', 'internal', 'isolated', 'untold', 'untold and exposed'],
  automatable: ['yes', 'no', 'missing'],
  technicalImpact: ['partial', 'total', 'missing'],
  exploitation: ['none', 'poc', 'active'],
  tier: ['mission-critical', 'business-essential', 'non-essential'],
  kevDateAdded: [undefined, '2026-09-20', '2026-10-05'],
} as const
const policies = {
  table: ['cisa-bod-26-04', 'cisa-coordinator', 'ssvc-deployer'],
  missingVulnrichment: ['sixty-days', 'not-automatable-total-impact'],
} as const

const factsFrom = ({ kevDateAdded, exposure, ...over }: ReturnType<typeof everyOf<typeof inputs>>[number]): RiskFacts =>
  anyFacts({
    ...over,
    publiclyExposed: ['internet', 'unknown', 'untold and exposed'].includes(exposure),
    ...(exposure === 'untold' || exposure === 'untold and exposed' ? {} : { serviceExposure: exposure }),
    ...(kevDateAdded === undefined ? {} : { kevDateAdded }),
  })

describe('3.1 every decision, against the tables as printed', () => {
  const combinations = everyOf(inputs).map(factsFrom)

  it.each(everyOf(policies))('$table with $missingVulnrichment: every combination of inputs', (chosen) => {
    const policy = anyRiskPolicy({ tables: [chosen.table], missingVulnrichment: chosen.missingVulnrichment })
    expect(combinations).toHaveLength(5_832)
    const wrong = combinations.flatMap((facts) => {
      const { winner } = assess('F0123456789abcdef012345678', facts, policy, sha256)
      const { outcome, days, needsForensicTriage } = expected(chosen.table, facts, policy)
      const isRight =
        winner.dueAt === dueAt(facts, days) &&
        winner.needsForensicTriage === (needsForensicTriage || facts.kevForensicTriage) &&
        (outcome === undefined
          ? winner.row === undefined
          : winner.decision.replace(/ \(.* missing, taken as .*\)$/, '') === outcome && winner.row !== undefined)
      return isRight ? [] : [{ facts, winner, expected: { outcome, days, needsForensicTriage } }]
    })
    expect(wrong).toEqual([])
  })

  it('the strictest of all three wins, in every combination', () => {
    const policy = anyRiskPolicy({ tables: ['cisa-coordinator', 'ssvc-deployer', 'cisa-bod-26-04'] })
    for (const facts of combinations) {
      const { winner, losers } = assess('F0123456789abcdef012345678', facts, policy, sha256)
      const due = policy.tables.map((table) => dueAt(facts, expected(table, facts, policy).days) ?? '~').sort()
      expect([winner, ...losers].map((clock) => clock.dueAt ?? '~')).toEqual(due)
    }
  })
})

/** What the publisher's JSON and its CSV share: points and values by key there, by name here. */
interface OfficialTable {
  readonly outcome: string
  readonly decision_points: Readonly<
    Record<
      string,
      { readonly name: string; readonly values: readonly { readonly key: string; readonly name: string }[] }
    >
  >
  readonly mapping: readonly Readonly<Record<string, string>>[]
}

describe("3.1 every row of the publishers' JSON", () => {
  it.skipIf(!sharedTables).each([
    ['cisa-bod-26-04', 'ssvc-table-cisa-bod-26-04-1.json', 16],
    ['cisa-coordinator', 'ssvc-table-cisa-coordinator-1.json', 36],
    ['ssvc-deployer', 'ssvc-table-deployer-1.json', 72],
  ] as const)('%s answers as %s does (needs ../shared)', (name, file, rows) => {
    const official: OfficialTable = JSON.parse(readFileSync(join(sharedTables ?? '', file), 'utf8'))
    expect(official.mapping).toHaveLength(rows)
    for (const row of official.mapping) {
      const named = Object.entries(row).map(([point, key]) => {
        const { name: pointName, values } = official.decision_points[point] ?? { name: point, values: [] }
        return [pointName, values.find((value) => value.key === key)?.name.toLowerCase() ?? '?']
      })
      const [, outcome] = named.pop() ?? []
      expect(evaluate(officialTables[name], Object.fromEntries(named))).toMatchObject({ outcome })
    }
  })
})
