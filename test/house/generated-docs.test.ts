import { describe, expect, it } from 'vitest'
import { generatedParts, isCurrent } from '../../tools/docs.ts'

describe('generated parts of the docs', () => {
  it('stand as `npm run docs` writes them', () => {
    expect(
      generatedParts()
        .filter((part) => !isCurrent(part))
        .map(({ file, name }) => `${file}: ${name}`),
    ).toEqual([])
  })

  it('a part that differs is stale, and so is one without its markers', () => {
    const [part] = generatedParts()
    expect(part && isCurrent({ ...part, text: `${part.text} ` })).toBe(false)
    expect(part && isCurrent({ ...part, name: 'no-such-part' })).toBe(false)
  })
})
