/** The pages' colours by name, light and dark; a test checks every adjacent pair against WCAG 2.2 AA. */

export const palette = {
  light: {
    ink: '#17212e',
    paper: '#f4f6f9',
    panel: '#ffffff',
    quiet: '#525f70',
    line: '#d8dfe7',
    accent: '#0a58a6',
    good: '#14633a',
    wait: '#7a4a00',
    bad: '#a3172b',
  },
  dark: {
    ink: '#e6ebf2',
    paper: '#0e1319',
    panel: '#161c24',
    quiet: '#a6b2c2',
    line: '#2e3946',
    accent: '#7ab8ff',
    good: '#6fd39a',
    wait: '#f0bf66',
    bad: '#ff919e',
  },
} as const

/** Tint of a badge's background, in per cent of its text colour. */
export const tintPercent = 10

/** The palette of one scheme as custom properties. */
export const propertiesOf = (scheme: keyof typeof palette): string =>
  Object.entries(palette[scheme])
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')
