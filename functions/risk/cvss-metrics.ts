/** What the versions of CVSS share: metrics, values and vector syntax. */

/** The metrics of one version. */
export interface CvssMetrics {
  /** Metrics that every vector must give. */
  readonly mandatory: readonly string[]
  /** The possible values of each metric. */
  readonly values: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The value that says "not defined". */
  readonly undefinedValue: string
}

/** The metrics of a vector without its prefix, by name; or why it is not a vector of the version (B13). */
export function readMetrics(
  body: string,
  { mandatory, values, undefinedValue }: CvssMetrics,
): ReadonlyMap<string, string> | { readonly refused: string } {
  const stated = new Map<string, string>()
  for (const metric of body.split('/')) {
    const colon = metric.indexOf(':')
    const [name, value] = [metric.slice(0, Math.max(colon, 0)), metric.slice(colon + 1)]
    if (!Object.hasOwn(values, name)) return { refused: `"${metric.slice(0, 20)}" is not a metric` }
    if (stated.has(name)) return { refused: `metric ${name} is given twice` }
    if (!Object.hasOwn(values[name] ?? {}, value))
      return { refused: `metric ${name} cannot have the value "${value.slice(0, 20)}"` }
    stated.set(name, value)
  }
  const missing = mandatory.filter((name) => (stated.get(name) ?? undefinedValue) === undefinedValue)
  return missing.length === 0 ? stated : { refused: `metric ${missing.join(', ')} is missing` }
}

/** The weight of a value that `readMetrics` has checked. */
export function weightOf(weights: Readonly<Record<string, number>>, value: string): number {
  const weight = weights[value]
  if (weight === undefined) throw new RangeError(`no weight for "${value}"`)
  return weight
}
