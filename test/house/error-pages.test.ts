import { describe, expect, it } from 'vitest'
import { filesUnder, productFolders } from './source-files.ts'

const code = /\bDD\d{4}\b/g
const sources = filesUnder(productFolders, '.ts', '.mjs', '.sh', '.json')
const used = new Map(
  sources.flatMap(({ path, text }) => [...text.matchAll(code)].map(([found]) => [found, path] as const)),
)
const pages = filesUnder(['docs/errors'], '.md').filter(({ path }) => /DD\d{4}\.md$/.test(path))
const pageOf = (path: string) => path.replace(/^.*\/|\.md$/g, '')

/** Which hundred belongs to which folder, as functions/kit/errors.ts says. */
const ranges: Readonly<Record<string, readonly string[]>> = {
  DD10: ['functions/kit'],
  DD11: ['functions/intake', 'functions/finding'],
  DD12: ['functions/intel'],
  DD13: ['functions/risk'],
  DD14: ['functions/catalogue', 'functions/inventory'],
  DD15: ['functions/changes', 'functions/driver'],
  DD16: ['functions/planning', 'functions/scheduling'],
  DD17: ['functions/approvals', 'functions/people'],
  DD18: ['functions/rollout'],
  DD19: ['functions/validation'],
  DD20: ['functions/rollback'],
  DD21: ['functions/evidence'],
  DD22: ['functions/console'],
  DD23: ['cli'],
  DD25: ['functions/outcomes', 'functions/migrations'],
  DD24: ['local', 'simulator', 'tools', 'documents', 'bench'],
}

/** Ports of every room are implemented here, and the command line is the other end of every room. */
const anyRange = ['functions/aws', 'simulator/ports', 'cli']

describe('error codes', () => {
  it('every code that the source names has a page', () => {
    const known = new Set(pages.map(({ path }) => pageOf(path)))
    expect([...used].filter(([name]) => !known.has(name)).map(([name, path]) => `${name} (${path})`)).toEqual([])
  })

  it('every page is about a code that the source names', () => {
    expect(pages.map(({ path }) => pageOf(path)).filter((name) => !used.has(name))).toEqual([])
  })

  it('every page says what happened and what to do, under the code as title', () => {
    const faults = pages.filter(
      ({ path, text }) =>
        !text.startsWith(`# ${pageOf(path)}`) || !/what happened/i.test(text) || !/what to do/i.test(text),
    )
    expect(faults.map(({ path }) => path)).toEqual([])
  })

  it('every fault is thrown from the folder that its range belongs to', () => {
    const thrown = sources.flatMap(({ path, text }) =>
      // Of a retry that gives up, the kit throws the code that it was given.
      [...text.matchAll(/(?:new DrydockError\(|\bcode:)\s*['"](DD\d{4})/g)].map(([, name = '']) => ({ name, path })),
    )
    const faults = thrown.filter(
      ({ name, path }) =>
        ![...(ranges[name.slice(0, 4)] ?? []), ...anyRange].some((folder) => path.startsWith(`${folder}/`)),
    )
    expect(faults.map(({ name, path }) => `${name} in ${path}`)).toEqual([])
  })
})
