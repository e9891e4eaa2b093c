/**
 * The rules that keep text from a finding out of a shell, proved over every document and over the synthesized
 * templates.
 */
import { RE2JS } from 're2js'
import { unquotedParameters } from './quoting.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Texts that no parameter may accept. */
const attacks = [
  '; id',
  'a;id',
  '$(id)',
  '`id`',
  'a\nb',
  'a b\n',
  "'",
  '"',
  '|',
  '&',
  '>',
  '<',
  '*',
  '?',
  '../x',
  '{{ssm:secret}}',
  '{{ global:DATE }}',
  '-oAPT::x=y',
  '%0a',
  'a'.repeat(20_000),
]
/** Documents that may be run by reference; anything else is code that nobody approved. */
const referencesAllowed: readonly string[] = ['AWS-RunPatchBaseline']
const actionsAllowed: readonly string[] = [
  'aws:runShellScript',
  'aws:runPowerShellScript',
  'aws:downloadContent',
  'aws:runDocument',
]

/** What is wrong with a document; empty when nothing is. docs/documents.md has the numbered rules. */
export function lintDocument(name: string, content: unknown): string[] {
  const document = fieldsOf(content)
  const parameters = fieldsOf(document.parameters)
  const steps = listOf(document.mainSteps).map(fieldsOf)
  const faults: string[] = []
  if (document.schemaVersion !== '2.2')
    faults.push(`${name}: schemaVersion ${String(document.schemaVersion)}; expected 2.2, which has ENV_VAR`)
  if (steps.length === 0) faults.push(`${name}: no steps`)
  if (JSON.stringify(content ?? null).length >= contentBytesMax) faults.push(`${name}: not under 64 KB`)
  faults.push(...stepNameFaults(name, steps))
  for (const [parameter, value] of Object.entries(parameters))
    faults.push(...parameterFaults(`${name}: parameter ${parameter}`, parameter, fieldsOf(value)))
  for (const step of steps) faults.push(...stepFaults(name, step, parameters))
  return faults
}

/** A document's greatest size. @see https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const contentBytesMax = 65_536

/** Rule 5: the API takes no step name of fewer than 4 characters, so such a step's output could not be read. */
function stepNameFaults(name: string, steps: readonly Fields[]): string[] {
  const names = steps.map((step) => String(step.name))
  return [
    ...names
      .filter((one) => !/^[a-zA-Z0-9_]{4,128}$/.test(one))
      .map((one) => `${name}/${one}: a step name has 4 to 128 letters, digits or _`),
    ...names.filter((one, at) => names.indexOf(one) !== at).map((one) => `${name}/${one}: the name of two steps`),
  ]
}

/** Rules 1 and 3. */
function parameterFaults(at: string, name: string, parameter: Fields): string[] {
  const faults: string[] = []
  const { type, allowedPattern, allowedValues, interpolationType } = parameter
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) faults.push(`${at} does not make a shell variable name`)
  if (type !== 'String') faults.push(`${at} is a ${String(type)}: only String has ENV_VAR`)
  if (interpolationType !== 'ENV_VAR' && !isHexadecimal(allowedPattern))
    faults.push(`${at} is substituted into the script as text`)
  if (typeof allowedPattern === 'string') faults.push(...patternFaults(at, allowedPattern))
  else if (listOf(allowedValues).length === 0) faults.push(`${at} accepts anything`)
  if (/[*+]|,\}/.test(withoutSets(allowedPattern)) && !(Number(parameter.maxChars) > 0))
    faults.push(`${at} has neither a pattern with a limit nor maxChars`)
  return faults
}

/** A pattern of letters, one fixed run of hexadecimal digits and a suffix cannot carry code. */
const isHexadecimal = (pattern: unknown) =>
  typeof pattern === 'string' && /^\^[a-z]+\/\[0-9a-f\]\{64\}\[\.\][a-z]+\$$/.test(pattern)

/** A pattern without its sets of characters, where `*` and `+` stand for themselves. */
const withoutSets = (pattern: unknown) => (typeof pattern === 'string' ? pattern.replace(/\[[^\]]*\]/g, 'x') : '')

function patternFaults(at: string, pattern: string): string[] {
  if (!pattern.startsWith('^') || !pattern.endsWith('$'))
    return [`${at} has a pattern that is not anchored at both ends`]
  try {
    // SSM Agent compiles every pattern with Go's regexp, which is RE2, and runs nothing when it cannot.
    const expression = RE2JS.compile(pattern)
    const taken = attacks.find((text) => expression.matcher(text).find())
    return taken === undefined ? [] : [`${at} accepts ${JSON.stringify(taken.slice(0, 40))}`]
  } catch (error) {
    return [`${at} has an invalid pattern: ${String(error)}`]
  }
}

function stepFaults(name: string, step: Fields, parameters: Fields): string[] {
  const at = `${name}/${String(step.name)}`
  const inputs = fieldsOf(step.inputs)
  const faults: string[] = []
  const action = String(step.action)
  if (!actionsAllowed.includes(action)) faults.push(`${at}: action ${action} is not one of ours`)
  if (listOf(fieldsOf(step.precondition).StringEquals)[0] !== 'platformType')
    faults.push(`${at}: no platformType in its precondition`)
  if (action === 'aws:runDocument' && !referencesAllowed.includes(String(inputs.documentPath)))
    faults.push(`${at}: runs ${String(inputs.documentPath)}, which is not one of ${referencesAllowed.join(', ')}`)
  if (listOf(inputs.runCommand).length > 0) faults.push(...scriptFaults(at, action, listOf(inputs.runCommand)))
  const { runCommand: _, ...others } = inputs
  return [...faults, ...substitutionFaults(at, JSON.stringify(others), parameters)]
}

/** A word where the shell expects a command. */
const startsCommand = (word: string) =>
  new RegExp(`(^|[;&|({!]|\\b(then|do|else|exec|command|if|while)\\b)\\s*${word}(\\s|$)`)

/** Text run as code, or a command named only by a variable. */
const powerShellRunsText =
  /\b(Invoke-Expression|iex|Invoke-Command|icm|Add-Type|EncodedCommand)\b|\[scriptblock\]|(^|[;|({=])\s*[&.]\s*["$(]/i
const powerShellFetches = /\b(Invoke-WebRequest|iwr|Invoke-RestMethod|irm|Start-BitsTransfer|WebClient|HttpClient)\b/i

/** Rules 2 and 4. */
function scriptFaults(at: string, action: string, lines: readonly unknown[]): string[] {
  const faults: string[] = []
  for (const [index, line] of lines.entries()) {
    const place = `${at}:${index + 1}`
    if (typeof line !== 'string') {
      faults.push(`${place}: not a string`)
      continue
    }
    if (line.includes('{{')) faults.push(`${place}: {{ }} is substituted before the shell sees it`)
    if (/^\s*#/.test(line)) continue
    if (startsCommand('(eval|source|[.])').test(line)) faults.push(`${place}: runs code from outside the document`)
    if (/\b(ba|da|k|z)?sh\s+(-\w+\s+)*-\w*c\b/.test(line)) faults.push(`${place}: a shell runs text as code`)
    if (startsCommand('(curl|wget)').test(line)) faults.push(`${place}: fetches from the network`)
    if (powerShellRunsText.test(line)) faults.push(`${place}: PowerShell runs text as code`)
    if (powerShellFetches.test(line)) faults.push(`${place}: fetches from the network`)
  }
  if (action === 'aws:runShellScript')
    faults.push(
      ...unquotedParameters(lines.join('\n')).map((use) => `${at}:${use} is unquoted, so the shell splits it`),
    )
  return faults
}

/** Outside scripts only our own parameters may be substituted, and only those whose pattern cannot carry code. */
function substitutionFaults(at: string, text: string, parameters: Fields): string[] {
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)].flatMap(([whole, name = '']) =>
    isHexadecimal(fieldsOf(parameters[name.trim()]).allowedPattern)
      ? []
      : [`${at}: ${whole} may carry more than a key`],
  )
}

/**
 * The faults of every SSM document in a synthesized CloudFormation template; a document may be JSON text or an object.
 */
export function lintTemplate(template: unknown): string[] {
  return Object.entries(fieldsOf(fieldsOf(template).Resources)).flatMap(([id, value]) => {
    const { Type, Properties } = fieldsOf(value)
    if (Type !== 'AWS::SSM::Document') return []
    const { Name, Content } = fieldsOf(Properties)
    return lintDocument(typeof Name === 'string' ? Name : id, typeof Content === 'string' ? parsed(Content) : Content)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
