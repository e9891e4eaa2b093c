/** Writes functions/risk/tables.ts from policy/tables/*.csv, so that a bundle and a test read the same text. Run: node policy/build-tables.ts */
import { readFileSync, writeFileSync } from 'node:fs'

const names = ['cisa-bod-26-04', 'cisa-coordinator', 'ssvc-deployer'] as const

/** A text as the formatter writes it: in the quotes that need no escape, else in single ones. */
function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return `'${inner.replaceAll("'", "\\'")}'`
}

/** The module's whole text. */
export function tablesModule(): string {
  const tables = names.map((name) => {
    const csv = readFileSync(new URL(`tables/${name}.csv`, import.meta.url), 'utf8').trim()
    return `  '${name}': readDecisionTable(\n    '${name}',\n    ${literal(csv)},\n  ),`
  })
  return [
    '/** The official decision tables; written by policy/build-tables.ts from policy/tables, never by hand. */',
    "import { readDecisionTable } from './decision-table.ts'",
    '',
    'export const officialTables = {',
    ...tables,
    '}',
    '',
  ].join('\n')
}

if (process.argv[1]?.endsWith('build-tables.ts'))
  writeFileSync(new URL('../functions/risk/tables.ts', import.meta.url), tablesModule())
