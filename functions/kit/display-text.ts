/** Outside text made safe for a page or a terminal: nothing hidden, reversed, imitated or executable. */

/** Invisible characters: control, format, separator and others, except tab and line feed. */
const hidden = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const latin = /\p{Script=Latin}/u
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** The first half of a surrogate pair that a cut went through. */
const halfCharacter = /[\uD800-\uDBFF]$/

/** The text without control, bidirectional and zero-width characters. */
export const visible = (text: string): string => text.replace(hidden, '')

/** A count with its noun: `1 host`, `2 hosts`; `plural` for a noun that does not just take an s. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`

/** As `visible`, with the code points of letters that imitate Latin ones. */
export function shown(text: string): string {
  const clean = visible(text)
  if (!latin.test(clean) || !lookalike.test(clean)) return clean
  return [...clean]
    .map((character) =>
      lookalike.test(character)
        ? `${character}[U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`
        : character,
    )
    .join('')
}

/** The beginning of a long text, cut at a word, and its last clause if short, because that tells the outcome. */
export function excerpt(text: string, lengthMax = 140): string {
  const clean = shown(text).toWellFormed()
  if (clean.length <= lengthMax) return clean
  const last = clean.slice(clean.lastIndexOf('; ') + 2)
  const end = clean.includes('; ') && last.length <= lengthMax / 2 ? `… ${last}` : '…'
  const cut = clean.slice(0, lengthMax - end.length)
  const start = cut.slice(0, Math.max(cut.lastIndexOf(' '), Math.floor(cut.length / 2)))
  return `${start.replace(halfCharacter, '')}${end}`
}
