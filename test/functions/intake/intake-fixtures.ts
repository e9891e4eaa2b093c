/** Reads the fixtures of intake, and the context and ports that its tests share. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Finding } from '../../../functions/finding/finding.ts'
import { mergeFinding } from '../../../functions/finding/merge.ts'
import type { NormalisedItem } from '../../../functions/intake/finish-draft.ts'
import { importText } from '../../../functions/intake/import.ts'
import { normaliseDocument } from '../../../functions/intake/normalise.ts'
import type { Refusal } from '../../../functions/intake/refusals.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryNudges } from '../../../simulator/ports/nudges.ts'
import { memoryRefusals } from '../../../simulator/ports/refusals.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

export const digest = (text: string) => createHash('sha256').update(text).digest('hex')
export const nowMs = Date.parse('2026-10-05T00:00:00Z')
export const context = { nowMs, digest }

export const fixtureText = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url)), 'utf8')

export function fixture(path: string): unknown {
  return JSON.parse(fixtureText(path))
}

/** A fixture with the value at a dotted path set, or taken away (undefined). */
export function changed(path: string, field: string, value: unknown): unknown {
  const document: unknown = fixture(path)
  const steps = field.split('.')
  const last = steps.pop() ?? ''
  let at: unknown = document
  for (const step of steps) at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined
  if (typeof at !== 'object' || at === null) throw new Error(`no ${field} in ${path}`)
  if (value === undefined) Reflect.deleteProperty(at, last)
  else Reflect.set(at, last, value)
  return document
}

export function only(items: readonly NormalisedItem[]): Finding {
  const [item, ...others] = items
  if (!item || others.length > 0) throw new Error(`${items.length} items instead of one`)
  if ('refused' in item) throw new Error(`refused ${item.refused} at ${item.at}: ${item.detail}`)
  return item.finding
}

export function onlyRefusal(items: readonly NormalisedItem[]): Refusal {
  const [item, ...others] = items
  if (!item || others.length > 0 || !('refused' in item))
    throw new Error(`expected one refusal: ${JSON.stringify(items)}`)
  return item
}

export const findingOf = (document: unknown, over = {}) => only(normaliseDocument(document, { ...context, ...over }))
export const refusalOf = (document: unknown, over = {}) =>
  onlyRefusal(normaliseDocument(document, { ...context, ...over }))

export function memoryPorts() {
  const counts = new Map<string, number>()
  return {
    ledger: memoryLedger(),
    nudges: memoryNudges(),
    clock: fixedClock(nowMs),
    ids: sequentialIds(),
    account: '999988887777',
    refusals: memoryRefusals(),
    metrics: { count: (name: string, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by) },
    counts,
    digest,
    /** Decides nothing: findings are recorded alone. */
    desk: { decide: async () => undefined },
  }
}

/** What a file gives: its items, the findings with their copies merged, and the refusals. */
export function imported(text: string) {
  const items = importText(text, context)
  const findings = new Map<string, Finding>()
  for (const item of items) {
    if ('refused' in item) continue
    const { findingId } = item.finding
    findings.set(findingId, mergeFinding(findings.get(findingId), item.finding).finding)
  }
  return { items, findings: [...findings.values()], refusals: items.filter((item) => 'refused' in item) }
}
