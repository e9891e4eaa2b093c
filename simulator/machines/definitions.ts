/** The state machines as their files define them. */
import { readFileSync } from 'node:fs'
import type { MachineName } from './machine-runs.ts'

const definitions = new Map<string, unknown>()

/** A machine's file, read once in a process. */
export function definitionOf(file: MachineName): unknown {
  const known = definitions.get(file)
  if (known !== undefined) return known
  const text = readFileSync(new URL(`../../statemachines/${file}.asl.json`, import.meta.url), 'utf8')
  const fresh: unknown = JSON.parse(text)
  definitions.set(file, fresh)
  return fresh
}
