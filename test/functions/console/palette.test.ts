import { describe, expect, it } from 'vitest'
import { palette, tintPercent } from '../../../functions/console/palette.ts'
import { styleSheet } from '../../../functions/console/style.ts'
import { ganttColours } from '../../../functions/planning/gantt.ts'

type Rgb = readonly [number, number, number]

const rgb = (colour: string): Rgb => {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255
  return [part(1), part(3), part(5)]
}

/** `color-mix(in srgb, colour percent, ground)`. */
const mixed = (colour: string, percent: number, ground: string): Rgb => {
  const [over, under] = [rgb(colour), rgb(ground)]
  const part = (index: 0 | 1 | 2) => (over[index] * percent + under[index] * (100 - percent)) / 100
  return [part(0), part(1), part(2)]
}

/** WCAG 2.2, relative luminance and contrast ratio. */
const luminance = (colour: Rgb) => {
  const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}
const contrast = (one: Rgb, other: Rgb) => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
  return (light + 0.05) / (dark + 0.05)
}

const words = ['ink', 'quiet', 'accent', 'good', 'wait', 'bad'] as const
const schemes = Object.entries(palette)

describe('10.3 the palette of the pages, WCAG 2.2 AA', () => {
  it('measures black on white as 21 to 1, and a known grey as 4.48', () => {
    expect(contrast(rgb('#000000'), rgb('#ffffff'))).toBeCloseTo(21, 5)
    expect(contrast(rgb('#777777'), rgb('#ffffff'))).toBeCloseTo(4.48, 2)
  })

  it.each(schemes)(
    '%s: every word reads at 4.5 to 1 on page and panel, tinted as a badge, and on a button',
    (_, colours) => {
      for (const word of words) {
        for (const ground of [colours.paper, colours.panel])
          expect(contrast(rgb(colours[word]), rgb(ground)), `${word} on ${ground}`).toBeGreaterThanOrEqual(4.5)
        const tint = mixed(colours[word], tintPercent, colours.panel)
        expect(contrast(rgb(colours[word]), tint), `badge ${word}`).toBeGreaterThanOrEqual(4.5)
      }
      for (const button of [colours.accent, colours.bad])
        expect(contrast(rgb(colours.panel), rgb(button)), `button ${button}`).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(schemes)('%s: focus, borders of fields, bars and the plan stand out at 3 to 1', (_, colours) => {
    for (const ground of [colours.paper, colours.panel])
      for (const colour of [colours.accent, colours.quiet, colours.good])
        expect(contrast(rgb(colour), rgb(ground)), colour).toBeGreaterThanOrEqual(3)
    for (const colour of ganttColours)
      expect(contrast(rgb(colour), rgb(colours.panel)), colour).toBeGreaterThanOrEqual(3)
  })

  it('is where every colour of the style sheet comes from', () => {
    const known = new Set(schemes.flatMap(([, colours]) => Object.values(colours).map(String)))
    for (const [colour] of styleSheet.matchAll(/#[0-9a-f]{3,8}\b/g)) expect(known).toContain(colour)
    expect(styleSheet).not.toMatch(/rgb\(|hsl\(/)
  })
})
