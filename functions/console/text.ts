/** Text from outside, made safe to look at: nothing that hides, turns around or imitates. Escaping is the template's. */

const isHidden = (character: string) => {
  const code = character.codePointAt(0) ?? 0
  if (code === 9 || code === 10) return false
  return (
    code < 32 ||
    (code >= 127 && code < 160) ||
    code === 0xad ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  )
}
const latin = /\p{Script=Latin}/u
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** Strips control, bidirectional and zero-width characters; shows the code points of letters that imitate Latin ones. */
export function shown(text: string): string {
  const clean = [...text].filter((character) => !isHidden(character)).join('')
  if (!latin.test(clean) || !lookalike.test(clean)) return clean
  return [...clean]
    .map((character) =>
      lookalike.test(character)
        ? `${character}[U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`
        : character,
    )
    .join('')
}
