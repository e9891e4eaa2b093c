import { describe, expect, it } from 'vitest'
import { findCycle } from '../../functions/kit/graph.ts'
import { codeOf, filesUnder, importsOf, lineOf, type SourceFile } from './source-files.ts'

/** What would let a simulated run depend on the machine that runs it, and which file may have it all the same. */
const outside: readonly { readonly pattern: RegExp; readonly may?: string }[] = [
  { pattern: /\b(?:setTimeout|setInterval|queueMicrotask)\b/g },
  // It waits for no time: it lets promises go on.
  { pattern: /\bsetImmediate\b/g, may: 'simulator/scheduler.ts' },
  { pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bprocess\b/g },
  { pattern: /\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b|\bgetRandomValues\b/g },
  // Tests that need any key take a new one; a world's keys come from its seed.
  { pattern: /\bgenerateKeyPair(?:Sync)?\b/g, may: 'simulator/ports/signer.ts' },
  { pattern: /\bsystem(?:Clock|Ids|Secrets)\b|\bhttp(?:Prober|FeedSource)\b/g },
  { pattern: /(?<![.\w])fetch\((?!address)/g },
]
const modules = /^(?:node:(?!crypto$|fs$)|@hono\/node-server|@aws-sdk\/)/

function faultsOf(file: SourceFile): string[] {
  const code = codeOf(file.text)
  const words = outside
    .filter(({ may }) => may !== file.path)
    .flatMap(({ pattern }) =>
      [...code.matchAll(pattern)].map((match) => `${file.path}:${lineOf(code, match.index)} has ${match[0]}`),
    )
  const imports = importsOf(file).filter(({ specifier }) => modules.test(specifier))
  return [...words, ...imports.map(({ specifier }) => `${file.path} imports ${specifier}`)]
}

describe('the simulator', () => {
  const files = filesUnder(['simulator'], '.ts')

  it('2.4 knows no clock, no timer, no chance and no network but its own', () => {
    expect(files.flatMap(faultsOf)).toEqual([])
  })

  it.each([
    'setTimeout(() => 1, 5)',
    'const at = Date.now()',
    'const at = new Date()',
    'const at = performance.now()',
    'const x = Math.random()',
    'const x = randomUUID()',
    'const clock = systemClock',
    'await fetch(url)',
    'await new Promise((done) => setImmediate(done))',
    "import { createServer } from 'node:http'",
    "import { serve } from '@hono/node-server'",
  ])('is at fault with: %s', (text) => {
    expect(faultsOf({ path: 'simulator/x.ts', text })).toHaveLength(1)
  })

  it.each([
    'const at = new Date(atMs).toISOString()',
    'app.fetch(request)',
    "import { createHash } from 'node:crypto'",
  ])('may have: %s', (text) => {
    expect(faultsOf({ path: 'simulator/x.ts', text })).toEqual([])
  })

  it('has no circle of imports, types included', () => {
    const edges = (sources: readonly SourceFile[]) =>
      new Map(sources.map((file) => [file.path, importsOf(file).flatMap(({ target }) => target ?? [])]))
    expect(findCycle(edges(files))).toBeUndefined()
    const planted = [
      { path: 'simulator/a.ts', text: "import type { B } from './b.ts'" },
      { path: 'simulator/b.ts', text: "import type { A } from './a.ts'" },
    ]
    expect(findCycle(edges(planted))).toBeDefined()
  })
})
