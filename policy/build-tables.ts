/** Writes functions/risk/tables.ts from policy/tables/*.csv, so that a bundle and a test read the same text. Run: node policy/build-tables.ts */
import { readFileSync, writeFileSync } from 'node:fs'
import { tableCells } from './csv-table.ts'

const names = ['cisa-bod-26-04', 'cisa-coordinator', 'ssvc-deployer', 'ssvc-human-impact'] as const

/** A text as the formatter writes it: in the quotes that need no escape, else in single ones. */
function literal(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return `'${inner.replaceAll("'", "\\'")}'`
}

/** The module's whole text. */
export function tablesModule(): string {
  const tables = names.map((name) => {
    const csv = readFileSync(new URL(`tables/${name}.csv`, import.meta.url), 'utf8').trim()
    const cells = tableCells(name, csv)
    const odd = cells.flat().find((cell) => /[\t\n]/.test(cell))
    if (odd !== undefined) throw new Error(`${name} has a tab or a line break in the cell ${JSON.stringify(odd)}`)
    const lines = cells.map((line) => line.join('\t')).join('\n')
    return `  '${name}': decisionTable(\n    '${name}',\n    cellsIn(\n      ${literal(lines)},\n    ),\n  ),`
  })
  return [
    '/** The official decision tables; written by policy/build-tables.ts from policy/tables, never by hand. */',
    "import { decisionTable } from './decision-table.ts'",
    '',
    '/** Cells between tabs: a bundle needs no reader of CSV. */',
    "const cellsIn = (text: string) => text.split('\\n').map((line) => line.split('\\t'))",
    '',
    'export const officialTables = {',
    ...tables,
    '}',
    '',
  ].join('\n')
}

if (process.argv[1]?.endsWith('build-tables.ts'))
  writeFileSync(new URL('../functions/risk/tables.ts', import.meta.url), tablesModule())
