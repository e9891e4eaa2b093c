/** The documents as the simulator knows them: contents, hashes, their parameters' patterns, and their versions. */

import { createHash } from 'node:crypto'
import * as z from 'zod'
import { documentContent, documentNames } from '../../documents/index.ts'
import { windowsDocuments } from '../../documents/windows.ts'
import { tableOf } from '../../functions/kit/table.ts'
import { OverrideListStore } from './override-lists.ts'

export interface FleetDocument {
  readonly name: string
  readonly version: string
  /** SHA-256 of the content, hex, as DescribeDocument gives it. */
  readonly hash: string
  readonly step: string
  readonly platformType: 'Linux' | 'Windows'
  /** Parameter name to its allowedPattern. */
  readonly parameters: Readonly<Record<string, string>>
  readonly content: string
}

const Content = z.looseObject({
  schemaVersion: z.literal('2.2'),
  parameters: tableOf(z.looseObject({ type: z.string(), allowedPattern: z.string().default('') })).default({}),
  mainSteps: z
    .array(
      z.looseObject({
        action: z.string(),
        precondition: z.looseObject({ StringEquals: z.array(z.string()) }).optional(),
      }),
    )
    .min(1),
})

/** `Drydock-RestorePoint` and `Drydock-RestorePointWindows` -> `restore-point` */
const stepOf = (name: string) =>
  name
    .replace(/^Drydock-|Windows$/g, '')
    .replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`)

/** Reads a document's JSON; undefined when SSM would call it InvalidDocumentContent. */
export function readDocument(name: string, content: string, version: string): FleetDocument | undefined {
  const parsed = Content.safeParse(parsedJson(content))
  if (!parsed.success) return undefined
  const { parameters, mainSteps } = parsed.data
  return {
    name,
    version,
    hash: createHash('sha256').update(content).digest('hex'),
    step: stepOf(name),
    platformType: mainSteps.some(({ precondition }) => precondition?.StringEquals[1] === 'Windows')
      ? 'Windows'
      : 'Linux',
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, { allowedPattern }]) => [key, allowedPattern]),
    ),
    content,
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Versions of every document by name; SendCommand and DescribeDocument take the default one. */
export class DocumentStore {
  private readonly versions = new Map<string, FleetDocument[]>()
  private readonly defaults = new Map<string, string>()
  /** The lists that documents for Windows refer to. */
  readonly overrideLists = new OverrideListStore()

  /** Adds a version; the first becomes the default. */
  set(name: string, document: FleetDocument) {
    this.versions.set(name, [...this.all(name), document])
    if (!this.defaults.has(name)) this.defaults.set(name, document.version)
  }

  all(name: string): readonly FleetDocument[] {
    return this.versions.get(name) ?? []
  }

  /** A version by number, `$LATEST` or `$DEFAULT`; without one the default. */
  get(name: string, version = '$DEFAULT'): FleetDocument | undefined {
    const all = this.all(name)
    if (version === '$LATEST') return all.at(-1)
    const number = version === '$DEFAULT' || version === '' ? this.defaults.get(name) : version
    return all.find((document) => document.version === number)
  }

  /** False when there is no such version. */
  setDefault(name: string, version: string): boolean {
    if (!this.get(name, version)) return false
    this.defaults.set(name, version)
    return true
  }
}

let ours: readonly FleetDocument[] | undefined

/** Our own documents at version 1, read once in a process; they are frozen. */
export function ownDocuments(): readonly FleetDocument[] {
  ours ??= [
    ...documentNames.map((name) => [name, documentContent(name)] as const),
    ...Object.entries(windowsDocuments({ bucket: 'drydock-overrides', region: 'eu-central-1' })),
  ].flatMap(([name, content]) => {
    const document = readDocument(name, JSON.stringify(content), '1')
    return document ? [Object.freeze(document)] : []
  })
  return ours
}
