import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../functions/risk/decision-table.ts'
import { officialTables } from '../../../functions/risk/tables.ts'
import { tablesModule } from '../../../policy/build-tables.ts'
import { readDecisionTable } from '../../../policy/csv-table.ts'
import { sharedTables } from '../../shared-samples.ts'

const own = (name: string) => readFileSync(new URL(`../../../policy/tables/${name}.csv`, import.meta.url), 'utf8')

const official = [
  ['cisa-bod-26-04', 'ssvc-table-cisa-bod-26-04-1.csv', 16, '1.0.0'],
  ['cisa-coordinator', 'ssvc-table-cisa-coordinator-1.csv', 36, '1.1.0'],
  ['ssvc-deployer', 'ssvc-table-deployer-1.csv', 72, '1.0.0'],
] as const

describe('3.1 the official decision tables', () => {
  it.each(official)('%s gives for every combination the outcome of its row', (name, _, rows, version) => {
    const table = officialTables[name]
    const [, ...body] = parse(own(name), { trim: true, skip_empty_lines: true })
    expect(table).toMatchObject({ name, version })
    expect(body).toHaveLength(rows)
    for (const [row, ...cells] of body) {
      const inputs = Object.fromEntries(table.inputs.map((input, index) => [input, cells[index] ?? '']))
      expect(evaluate(table, inputs)).toEqual({ row: Number(row), outcome: cells.at(-1) })
    }
  })

  it.skipIf(!sharedTables).each(official)('%s is the file of its publisher (needs ../shared)', (name, file) => {
    expect(own(name)).toBe(readFileSync(join(sharedTables ?? '', file), 'utf8'))
  })

  it('the module of the tables is what policy/build-tables.ts writes', () => {
    const module = readFileSync(new URL('../../../functions/risk/tables.ts', import.meta.url), 'utf8')
    expect(module).toBe(tablesModule())
  })
})

const small = [
  'row,Wet v1.0.0,Cold v1.0.0,"Go, Stay v2.1.0"',
  '0,no,no,go',
  '1,no,yes,go',
  '2,yes,no,go',
  '3,yes,yes,stay',
]
const csv = (lines: readonly string[]) => lines.join('\n')

describe('3.1 readDecisionTable', () => {
  it('reads heads that hold commas, and the version of the outcome', () => {
    expect(readDecisionTable('small', csv(small))).toMatchObject({ version: '2.1.0', inputs: ['Wet', 'Cold'] })
  })

  it.each([
    ['a missing combination', small.slice(0, -1)],
    ['a combination given twice', [...small, '4,yes,yes,go']],
    ['a combination given twice in the place of another', [...small.slice(0, -1), '3,yes,no,go']],
    ['an empty cell', [...small.slice(0, -1), '3,yes,,stay']],
    ['a short row', [...small.slice(0, -1), '3,yes,yes']],
    ['a row number given twice', [...small.slice(0, -1), '2,yes,yes,stay']],
    ['a row without number', [...small.slice(0, -1), 'x,yes,yes,stay']],
    ['an input named twice', ['row,Wet v1.0.0,Wet v1.0.0,Go v2.1.0', ...small.slice(1)]],
    ['no input', ['row,Go v1.0.0', '0,go']],
    ['no row', small.slice(0, 1)],
    ['nothing', []],
    ['an open quote', ['row,"Wet']],
  ])('refuses a table with %s', (_, lines) => {
    expect(() => readDecisionTable('small', csv(lines))).toThrow(/^DD1301: decision table small/)
  })

  it('reads every complete table and refuses it with any row left out', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(sizes, fc.nat(), (sizes, dropped) => {
        const head = ['row', ...sizes.map((_, index) => `In${index} v1.0.0`), 'Out v1.0.0'].join()
        const cells = sizes.reduce<string[][]>(
          (rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, value) => [...row, `v${value}`])),
          [[]],
        )
        const lines = cells.map((row, index) => [index, ...row, `out${index}`].join())
        const table = readDecisionTable('any', csv([head, ...lines]))
        for (const [index, row] of cells.entries())
          expect(evaluate(table, Object.fromEntries(row.map((value, at) => [`In${at}`, value])))).toEqual({
            row: index,
            outcome: `out${index}`,
          })
        // A value that stands in no other row leaves with its row: then the rest is complete again.
        const at = dropped % lines.length
        const rest = cells.filter((_, index) => index !== at)
        const keepsValues = cells[at]?.every((value, column) => rest.some((row) => row[column] === value))
        if (keepsValues)
          expect(() => readDecisionTable('any', csv([head, ...lines.filter((_, index) => index !== at)]))).toThrow(
            'DD1301',
          )
      }),
    )
  })
})

describe('3.1 evaluate', () => {
  const table = readDecisionTable('small', csv(small))

  it.each([
    ['is missing', { Wet: 'yes' }, { unknown: 'Cold', value: undefined }],
    ['is not in the table', { Wet: 'damp', Cold: 'yes' }, { unknown: 'Wet', value: 'damp' }],
    ['differs in case', { Wet: 'Yes', Cold: 'yes' }, { unknown: 'Wet', value: 'Yes' }],
    ['is inherited', Object.create({ Wet: 'yes', Cold: 'yes' }), { unknown: 'Wet', value: undefined }],
  ])('names the input whose value %s', (_, inputs, answer) => {
    expect(evaluate(table, inputs)).toEqual(answer)
  })

  it('ignores inputs that the table does not read', () => {
    expect(evaluate(table, { Wet: 'yes', Cold: 'yes', Dark: 'yes' })).toEqual({ row: 3, outcome: 'stay' })
  })
})
