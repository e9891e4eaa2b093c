/** Every page and every verb that lists, as it is asked for on the hub of the benchmark. */
import { changeId, hostId } from './pages-hub.ts'

/** A page or a verb, and how much it may ask. */
export interface Asking {
  readonly name: string
  /** Queries, if more than the goal's three: why. */
  readonly queriesMax?: number
  /** Items, if more than a page. */
  readonly itemsMax?: number
  readonly because?: string
  /** Whether its size is that of what it exports. */
  readonly isFile?: true
}

const fileOfPages = 'a file for spreadsheets holds a hundred pages, and says where the next begins'

/** Pages by route, with an address of each. */
export const pageRows: Readonly<Record<string, Asking & { readonly address: string }>> = {
  '/': { name: 'changes', address: '/' },
  '/changes/:changeId': { name: 'a change', address: `/changes/${changeId}` },
  '/changes/:changeId/rollout': { name: 'its rollout', address: `/changes/${changeId}/rollout` },
  '/changes/:changeId/vote': { name: 'its vote', address: `/changes/${changeId}/vote` },
  '/findings': { name: 'findings', address: '/findings' },
  '/findings.csv': {
    name: 'findings as a file',
    address: '/findings.csv',
    isFile: true,
    queriesMax: 20,
    because: fileOfPages,
  },
  '/log': { name: 'the log of a change', address: `/log?change=${changeId}` },
  '/evidence': { name: 'evidence', address: '/evidence', queriesMax: 5, because: 'the outbox has five partitions' },
  '/stop': { name: 'stop', address: '/stop' },
  '/approve': { name: 'the approval page', address: '/approve' },
}

/** Other pages of a list, and searches. */
export const furtherPages: readonly (Asking & { readonly address: string })[] = [
  { name: 'the next changes', address: '/?after=open%2300000000000000000000000500' },
  {
    name: 'the next findings',
    address: `/findings?after=${encodeURIComponent('active#2026-01-02T03:04:05.000Z#F0000000000000000000000500')}`,
  },
  {
    name: 'the log of a host',
    address: `/log?host=${hostId}`,
    itemsMax: 300,
    because: 'a host has some sixty steps a year',
  },
  {
    name: 'the log of a change in a span',
    address: `/log?change=${changeId}&since=2026-01-02T03:04&until=2026-01-02T03:06`,
  },
]

/** Verbs that read lists or logs of the ledger, by their words. */
export const verbRows: Readonly<Record<string, Asking & { readonly words: readonly string[] }>> = {
  'findings list': { name: 'findings list', words: ['findings', 'list'] },
  'changes list': { name: 'changes list', words: ['changes', 'list'] },
  'changes show': { name: 'changes show', words: ['changes', 'show', changeId] },
  'catalogue show': { name: 'catalogue show', words: ['catalogue', 'show'] },
  log: { name: 'log --change', words: ['log', '--change', changeId, '--limit', '100'] },
  plan: { name: 'plan', words: ['plan', changeId], isFile: true },
}

/** Verbs that ask no list of the ledger, with what they do instead. */
export const otherVerbs: Readonly<Record<string, string>> = {
  approve: 'asks the console',
  'calendar show': 'reads the catalogue and the policy',
  'canary judge': 'reads files',
  'catalogue check': 'reads files',
  'catalogue load': 'moves two records',
  'changes cancel': 'moves one change',
  'changes release': 'moves one change',
  'changes replan': 'moves one change',
  'documents render': 'reads no table',
  decide: 'reads files',
  doctor: 'looks at each part of the hub once; its nodes are those of the first page',
  'evidence export': 'reads the evidence bucket; measured by bench/evidence.ts',
  'evidence host': 'reads the evidence bucket; measured by bench/evidence.ts',
  'evidence key': 'reads the signing key',
  'evidence path': 'reads the evidence bucket; measured by bench/evidence.ts',
  'evidence period': 'reads the evidence bucket; measured by bench/evidence.ts',
  'evidence verify': 'reads files',
  'findings import': 'reads files and sends events',
  migrate: 'rewrites the whole table, in parts that can be resumed',
  replay: 'reads the evidence bucket',
  start: 'runs everything',
  stop: 'moves one record',
  'versions compare': 'compares texts',
}
