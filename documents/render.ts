/** What a document would run on a host, as SSM Agent would run it: checked, decided by platform, parameters filled in. */
import type { CommandDocument, DocumentStep } from './index.ts'

/** A platform in SSM's own words. */
export type PlatformType = 'Linux' | 'Windows'

/** One step of a document on a platform. */
export interface RenderedStep {
  readonly name: string
  readonly action: string
  /** False where the agent skips the step, because its precondition asks for another platform. */
  readonly runs: boolean
  readonly precondition: string
  /** Seconds after which the agent kills it; absent for steps that run no script. */
  readonly timeoutSeconds?: string
  /** The script, for steps that have one. */
  readonly script?: string
  /** Every other input, parameters substituted. */
  readonly inputs: Readonly<Record<string, unknown>>
}

/** A document as a host would get it. */
export interface RenderedDocument {
  /** Parameters that the agent hands over as variables, `SSM_` before their name. */
  readonly environment: Readonly<Record<string, string>>
  readonly steps: readonly RenderedStep[]
}

/** Parameters that SSM would refuse, in words; empty where it takes them all. */
export function parameterFaults(
  { parameters }: CommandDocument,
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const known = new Map(Object.entries(parameters))
  const foreign = Object.keys(values).filter((name) => !known.has(name))
  return [
    ...foreign.map((name) => `${name}: the document has no such parameter`),
    ...[...known].flatMap(([name, { allowedPattern, maxChars }]) => {
      const value = new Map(Object.entries(values)).get(name)
      if (value === undefined) return [`${name}: no value, and the document has no default`]
      if (maxChars !== undefined && value.length > maxChars)
        return [`${name}: ${value.length} characters, ${maxChars} allowed`]
      return new RegExp(allowedPattern).test(value) ? [] : [`${name}: ${value} does not match ${allowedPattern}`]
    }),
  ]
}

/** `{{ name }}` in a text or in what it holds, filled in as the agent does it. */
function substituted(input: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof input === 'string')
    return input.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => values.get(name) ?? whole)
  if (Array.isArray(input)) return input.map((one) => substituted(one, values))
  if (typeof input === 'object' && input !== null)
    return Object.fromEntries(Object.entries(input).map(([key, one]) => [key, substituted(one, values)]))
  return input
}

function renderedStep(step: DocumentStep, platform: PlatformType, values: ReadonlyMap<string, string>): RenderedStep {
  const [variable, wanted] = step.precondition.StringEquals
  const { runCommand, timeoutSeconds, ...inputs } = step.inputs
  return {
    name: step.name,
    action: step.action,
    runs: wanted === platform,
    precondition: `${variable} is ${wanted}`,
    ...(typeof timeoutSeconds === 'string' ? { timeoutSeconds } : {}),
    ...(Array.isArray(runCommand) ? { script: `${[substituted(runCommand, values)].flat().join('\n')}\n` } : {}),
    inputs: Object.fromEntries(Object.entries(inputs).map(([key, one]) => [key, substituted(one, values)])),
  }
}

/**
 * A document on a platform with its parameters; `parameterFaults` says first whether SSM would take them.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
 */
export function renderDocument(
  document: CommandDocument,
  values: Readonly<Record<string, string>>,
  platform: PlatformType,
): RenderedDocument {
  const byName = new Map(Object.entries(values))
  const variables = Object.entries(document.parameters).flatMap(([name, { interpolationType }]) =>
    interpolationType === 'ENV_VAR' ? [[`SSM_${name}`, byName.get(name) ?? ''] as const] : [],
  )
  return {
    environment: Object.fromEntries(variables),
    steps: document.mainSteps.map((step) => renderedStep(step, platform, byName)),
  }
}

const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`
const asComment = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `# ${line}`)
    .join('\n')

/**
 * The document as one program for people to read and rehearse: variables, then what each step that runs has; what a
 * program cannot do (a step of another kind, a platform that skips it) stands in comments.
 */
export function asProgram({ environment, steps }: RenderedDocument, platform: PlatformType): string {
  const set = Object.entries(environment).map(([name, value]) =>
    platform === 'Windows' ? `$env:${name} = '${value.replaceAll("'", "''")}'` : `export ${name}=${quoted(value)}`,
  )
  const parts = steps.map(({ name, action, runs, precondition, timeoutSeconds, script, inputs }) => {
    const head = `# Step ${name}: ${action}, runs where ${precondition}${timeoutSeconds ? `, ${timeoutSeconds} s at most` : ''}`
    if (!runs) return `${head}\n# SSM Agent skips it on ${platform}.`
    return script === undefined
      ? `${head}\n${asComment(JSON.stringify(inputs, null, 2))}`
      : `${head}\n${script.trimEnd()}`
  })
  return `${[...set, ...parts].join('\n')}\n`
}
