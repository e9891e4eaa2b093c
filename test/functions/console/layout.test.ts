import { describe, expect, it } from 'vitest'
import { badge, dataTable, htmlText, warning } from '../../../functions/console/layout.ts'

const hostile = '<script>alert(1)</script>'

describe('10.3 the pieces of a page', () => {
  it('B6 escape every text that they are given', async () => {
    for (const piece of [dataTable(hostile, [hostile], [[hostile]]), badge(hostile), warning(hostile)])
      expect(await htmlText(piece)).not.toContain('<script>')
  })

  it('give a table a caption and heads that a screen reader tells, and words in place of an empty one', async () => {
    const table = await htmlText(dataTable('Rings', ['Name'], [['dev']]))
    expect(table).toMatch(/<caption>Rings<\/caption>.*<th scope="col">Name<\/th>/s)
    expect(await htmlText(dataTable('Rings', ['Name'], []))).not.toContain('<table>')
  })

  it('say a state in words, and hide the mark beside it from screen readers', async () => {
    expect(await htmlText(badge('awaiting-approval'))).toMatch(/aria-hidden="true">.*awaiting approval/)
  })
})
