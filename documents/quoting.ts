/** Finds shell variables outside double quotes, where the shell would split and expand their values. */

type Context = 'plain' | 'double' | 'single'

/**
 * Uses of `$SSM_...` and `${SSM_...}` that are not inside double quotes, as `line: text`.
 *
 * Follows quotes through `$( )`, `${ }` and comments; a here document or a `case` pattern inside `$( )` is beyond it.
 */
export function unquotedParameters(script: string): string[] {
  const found: string[] = []
  // A `$(` opens a plain context of its own; `depth` counts the brackets inside it.
  const stack: { context: Context; depth: number }[] = [{ context: 'plain', depth: 0 }]
  let line = 1
  for (let at = 0; at < script.length; at++) {
    const top = stack.at(-1) ?? { context: 'plain', depth: 0 }
    const letter = script[at]
    if (letter === '\n') line++
    if (top.context === 'single') {
      if (letter === "'") stack.pop()
      continue
    }
    if (letter === '\\') {
      at++
      continue
    }
    if (script.startsWith('$(', at)) {
      stack.push({ context: 'plain', depth: 0 })
      at++
      continue
    }
    const use = /^\$\{?#?SSM_\w*/.exec(script.slice(at, at + 80))?.[0]
    if (use && top.context === 'plain') found.push(`${line}: ${use}`)
    at = advance(script, at, letter, top, stack)
  }
  return found
}

/** Skips quotes, comments and brackets; returns where reading continues. */
function advance(
  script: string,
  at: number,
  letter: string | undefined,
  top: { context: Context; depth: number },
  stack: { context: Context; depth: number }[],
): number {
  if (letter === '"') {
    if (top.context === 'double') stack.pop()
    else stack.push({ context: 'double', depth: 0 })
    return at
  }
  if (top.context !== 'plain') return at
  if (letter === "'") stack.push({ context: 'single', depth: 0 })
  if (letter === '#' && /(^|[\s;])$/.test(script.slice(Math.max(0, at - 1), at))) {
    const end = script.indexOf('\n', at)
    return end < 0 ? script.length : end - 1
  }
  if (letter === '(') top.depth++
  if (letter === ')') {
    if (top.depth > 0) top.depth--
    else if (stack.length > 1) stack.pop()
  }
  return at
}
