/** Writes functions/risk/tables.ts from policy/tables/*.csv: a bundle and a test then read the same text. Run: node policy/build-tables.ts */
import { readFileSync, writeFileSync } from 'node:fs'

const names = ['cisa-bod-26-04', 'cisa-coordinator', 'ssvc-deployer'] as const

/** The module's whole text. */
export function tablesModule(): string {
  const texts = names.map((name) => `  '${name}': readDecisionTable(\n    '${name}',\n    ${JSON.stringify(readFileSync(new URL(`tables/${name}.csv`, import.meta.url), 'utf8').trim())},\n  ),`)
  return `/** The official decision tables; written by policy/build-tables.ts from policy/tables, never by hand. */\nimport { readDecisionTable } from './decision-table.ts'\n\nexport const officialTables = {\n${texts.join('\n')}\n}\n`
}

if (process.argv[1]?.endsWith('build-tables.ts')) writeFileSync(new URL('../functions/risk/tables.ts', import.meta.url), tablesModule())
