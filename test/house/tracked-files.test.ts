import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { root } from './source-files.ts'

/** What the project is made of. */
const known =
  /\.(?:ts|mjs|json|md|sh|ps1|py|ya?ml|csv|txt|bin|svg|jsonl|sarif|ics|gz|dsse|asl\.json)$|(?:^|\/)(?:\.gitignore|\.npmrc|\.gitattributes|run)$/

const unknown = (paths: readonly string[]) => paths.filter((path) => !known.test(path))

describe('tracked files', () => {
  it('have an ending that the project knows', () => {
    const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
    const inFixtures = /^test\/fixtures\//
    expect(unknown(paths.filter((path) => !inFixtures.test(path)))).toEqual([])
  })

  it.each(['local/fleet/fleet.ts.orig', 'functions/kit/keys.ts~', 'x.rej', 'notes'])('%s is a leftover', (path) => {
    expect(unknown([path])).toEqual([path])
  })
})
