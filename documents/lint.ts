/** The rules that keep text from a finding out of a shell, proved over every document. */

/** What is wrong with a document; empty when nothing is. See docs/documents.md for the rules. */
export function lintDocument(name: string, content: unknown): string[] {
  const faults: string[] = []
  const document = JSON.parse(JSON.stringify(content))
  for (const [parameter, value] of Object.entries<Record<string, unknown>>(document.parameters ?? {})) {
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(parameter))
      faults.push(`${name}: parameter ${parameter} makes no usable variable`)
    if (value.interpolationType !== 'ENV_VAR')
      faults.push(`${name}: parameter ${parameter} is put into the script as text`)
    const pattern = typeof value.allowedPattern === 'string' ? value.allowedPattern : undefined
    if (pattern === undefined && !Array.isArray(value.allowedValues))
      faults.push(`${name}: parameter ${parameter} takes anything`)
    if (
      pattern !== undefined &&
      (!pattern.startsWith('^') ||
        !pattern.endsWith('$') ||
        ['; id', '$(id)', '`id`', 'a\nb', "'", '"', '|', '&', '>'].some((text) => new RegExp(pattern).test(text)))
    )
      faults.push(`${name}: the pattern of ${parameter} lets shell characters through`)
  }
  const lines: string[] = (document.mainSteps ?? []).flatMap(
    (step: { inputs?: { runCommand?: string[] } }) => step.inputs?.runCommand ?? [],
  )
  for (const [index, line] of lines.entries()) {
    const at = `${name}:${index + 1}`
    if (/\{\{/.test(line)) faults.push(`${at}: {{ }} is replaced before the shell sees it`)
    if (/^\s*#/.test(line)) continue
    if (/\beval\b/.test(line)) faults.push(`${at}: eval`)
    if (/\b(ba)?sh -c +["']?\$/.test(line)) faults.push(`${at}: a shell runs a variable`)
    if (/(^|[^"{])\$\{?SSM_(?!packages)/.test(line.replace(/"[^"]*"/g, '')))
      faults.push(`${at}: a parameter stands unquoted`)
  }
  return faults
}
