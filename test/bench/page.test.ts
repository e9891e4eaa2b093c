import { describe, expect, it } from 'vitest'
import { pageOf, sectionOf, withSections } from '../../bench/page.ts'
import type { Bench } from '../../bench/table.ts'

const bench = (title: string, more: Partial<Bench> = {}): Bench => ({
  title,
  command: `node bench/${title}.ts`,
  rows: [{ what: 'plan', ours: 3, peer: 2, unit: 's', against: 'bound', goalRatioMax: 1 }],
  ...more,
})
const headings = (text: string) => text.split('\n').filter((line) => line.startsWith('#'))
const short = ({ title }: Bench) => `## ${title}\n\nnew\n`
const page = '# Performance\n\nMeasured.\n\n## Judge: a\n\nold\n\n## Planner\n\nkept\n\n## Judge: b\n\nold\n'

describe('bench pages', () => {
  it('name each missed goal with its ratio, and how many are met', () => {
    const rows = [
      { what: 'plan', ours: 3, peer: 2, unit: 's', against: 'bound', goalRatioMax: 1 },
      { what: 'read', ours: 1, peer: 2, unit: 's', against: 'bound', goalRatioMax: 1 },
      { what: 'list', ours: 9, peer: 2, unit: 's', against: 'bound' },
    ]
    const section = sectionOf(bench('Planner', { rows, notes: ['A note.'] }))
    expect(section).toContain('`node bench/Planner.ts`: 1 of 2 goals met.')
    expect(section).toContain('- **Missed:** plan: 1.50 times the bound, goal 1.')
    expect(section).not.toMatch(/Missed:\*\* (?:read|list)/)
    expect(section).toContain('A note.')
  })

  it('say where no goal is set', () => {
    const rows = [{ what: 'list', ours: 9, peer: 2, unit: 's', against: 'bound' }]
    expect(sectionOf(bench('Planner', { rows }))).toContain('1 row, no goal set.')
  })

  it('stand under one heading with when they were measured', () => {
    const text = pageOf([bench('Judge'), bench('Planner')], 'Measured today.')
    expect(headings(text)).toEqual(['# Performance', '## Judge', '## Planner'])
    expect(text).toContain('Measured today.')
    expect(text.endsWith('\n\n')).toBe(false)
  })
})

describe('a page of which one benchmark is measured anew', () => {
  it('gets its new sections where the first of them stood, and keeps every other word', () => {
    const text = withSections(page, [bench('Judge: c'), bench('Judge: d')], short)
    expect(headings(text)).toEqual(['# Performance', '## Judge: c', '## Judge: d', '## Planner'])
    expect(text).toContain('Measured.\n\n## Judge: c\n\nnew\n\n## Judge: d\n\nnew\n\n## Planner\n\nkept\n')
    expect(text).not.toContain('old')
  })

  it('gets a benchmark that it did not have at its end', () => {
    const text = withSections(page, [bench('Intake')], short)
    expect(headings(text).at(-1)).toBe('## Intake')
    expect(text).toContain('old')
  })

  it('takes no benchmark for another whose name begins alike', () => {
    const text = withSections('## Planner\n\nold\n\n## Planner bound\n\nkept\n', [bench('Planner')], short)
    expect(text).toBe('## Planner\n\nnew\n\n## Planner bound\n\nkept\n')
  })

  it('stays the same when the same is written twice', () => {
    const once = withSections(page, [bench('Judge: c')], short)
    expect(withSections(once, [bench('Judge: c')], short)).toBe(once)
  })
})
