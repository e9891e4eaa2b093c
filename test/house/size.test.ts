import { describe, expect, it } from 'vitest'
import { filesUnder, productFolders, type SourceFile } from './source-files.ts'

const linesOf = ({ text }: SourceFile) => text.trimEnd().split('\n').length
const above = (files: readonly SourceFile[], linesMax: number) =>
  files
    .filter((file) => linesOf(file) > linesMax)
    .map((file) => `${file.path}: ${linesOf(file)} lines, ${linesMax} allowed`)

describe('size', () => {
  it('no file is longer than 300 lines', () => {
    expect(above(filesUnder([...productFolders], '.ts', '.mjs', '.sh'), 300)).toEqual([])
  })

  // A ratchet: tables of cases may be longer, and no longer than the longest is today.
  it('no test is longer than 420 lines', () => {
    expect(above(filesUnder(['test'], '.ts'), 420)).toEqual([])
  })

  it('no handler is longer than 25 lines: it wires, and decides nothing', () => {
    const handlers = filesUnder(['functions'], '.ts').filter(({ path }) => path.includes('/handlers/'))
    expect(above(handlers, 25)).toEqual([])
  })

  it('a file of one line too many is a fault', () => {
    const file = (lines: number) => ({ path: 'functions/x/handlers/y.ts', text: '//\n'.repeat(lines) })
    expect(above([file(25), file(26)], 25)).toEqual(['functions/x/handlers/y.ts: 26 lines, 25 allowed'])
  })

  it('no construct is longer than 200 lines and no stack longer than 120', () => {
    expect(above(filesUnder(['infra/constructs'], '.ts'), 200)).toEqual([])
    expect(above(filesUnder(['infra'], '-stack.ts'), 120)).toEqual([])
  })

  it('every module starts by saying what it is for', () => {
    const faults = filesUnder(productFolders, '.ts').filter(
      ({ path, text }) => !path.endsWith('/index.ts') && !/^(?:#!.*\n)?\/\*\*\s+\S/.test(text),
    )
    expect(faults.map(({ path }) => path)).toEqual([])
  })
})
