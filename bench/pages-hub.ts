/** A hub of any size on a counted table: findings, changes, nodes, and one change whose rollout is over. */
import { BallotRecord } from '../functions/approvals/index.ts'
import { CatalogueRecord } from '../functions/catalogue/index.ts'
import { ChangeRecord } from '../functions/changes/index.ts'
import { FindingRecord } from '../functions/finding/index.ts'
import { AssetRecord } from '../functions/inventory/index.ts'
import { canonicalJson, type Json } from '../functions/kit/json.ts'
import { keys, lists } from '../functions/kit/keys.ts'
import type { Move } from '../functions/kit/ledger.ts'
import { type Plan, PlanRecord } from '../functions/planning/index.ts'
import { type Ring, ringMoves } from '../functions/rollout/index.ts'
import { stepsMove } from '../functions/rollout/step-log.ts'
import { countedTable } from '../simulator/ports/counted-table.ts'
import { anyAsset, anyChange, anyFinding, at, ballotOf, catalogue, planHash, planOf } from './pages-values.ts'

/** How much the hub holds. */
export interface HubSize {
  readonly findings: number
  readonly changes: number
  readonly nodes: number
  /** Hosts of the one change whose records all stand. */
  readonly hosts: number
}

/** The change whose records all stand, and one of its hosts. */
export const changeId = 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ'
export const hostId = 'i-00000000000000000'
const stepsPerHost = 5
/** Five years of monthly patching. */
const stepsOfHost = 300

const idOf = (letter: string, index: number) => `${letter}${String(index).padStart(25, '0')}`
const hostOf = (index: number) => `i-${String(index).padStart(17, '0')}`
const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value))
const instantOf = (index: number) => new Date(Date.parse(at) + index * 1000).toISOString()

export function hubOf({ findings, changes, nodes, hosts }: HubSize) {
  const table = countedTable()
  const put = (kind: string, key: Move['key'], value: unknown, list?: Move['list']) =>
    table.put({ kind, key, from: 0, value: asJson(value), ...(list ? { list } : {}) })
  const findingAt = (index: number): Move => {
    const value = { ...anyFinding, findingId: idOf('F', index), vulnerabilityId: `CVE-2026-${1000 + (index % 9000)}` }
    return {
      kind: FindingRecord.kind,
      key: keys.finding(value.findingId),
      from: 0,
      value: asJson(value),
      list: listAt(index),
    }
  }
  const listAt = (index: number) => ({
    pk: lists.findings,
    sk: `active#${anyFinding.firstObservedAt}#${idOf('F', index)}`,
  })
  table.make(lists.findings, { length: findings, skAt: (index) => listAt(index).sk, moveAt: findingAt })
  const changeAt = (index: number): Move => {
    const id = idOf('0', index)
    const value = asJson({ ...anyChange, changeId: id })
    return {
      kind: ChangeRecord.kind,
      key: keys.change(id),
      from: 0,
      value,
      list: { pk: lists.changes, sk: `open#${id}` },
    }
  }
  table.make(lists.changes, { length: changes, skAt: (index) => `open#${idOf('0', index)}`, moveAt: changeAt })
  table.make(lists.assets, {
    length: nodes,
    skAt: hostOf,
    moveAt: (index) => ({
      kind: AssetRecord.kind,
      key: keys.asset(hostOf(index)),
      from: 0,
      value: asJson({ ...anyAsset, hostId: hostOf(index) }),
      list: { pk: lists.assets, sk: hostOf(index) },
    }),
  })
  put(CatalogueRecord.kind, keys.catalogue(), catalogue)
  put(ChangeRecord.kind, keys.change(changeId), { ...anyChange, changeId, planHash })
  put(BallotRecord.kind, keys.ballot(changeId), ballotOf(changeId))
  const plan = planOf(
    changeId,
    Array.from({ length: hosts }, (_, index) => hostOf(index)),
  )
  put(PlanRecord.kind, keys.plan(changeId, planHash), plan)
  table.weigh(keys.plan(changeId, planHash), Buffer.byteLength(canonicalJson(plan)))
  table.put(...ringOf(plan))
  table.make(lists.stepsOf(changeId), {
    length: hosts * stepsPerHost,
    skAt: (index) => stepAt(index, hostOf(index % hosts)).list?.sk ?? '',
    moveAt: (index) => stepAt(index, hostOf(index % hosts)),
  })
  table.put(...Array.from({ length: stepsOfHost }, (_, index) => stepAt(index, hostId)))
  return table
}

/** The records of a ring whose every host is done: it opened, and then each part moved. */
function ringOf({ rings: [ring] }: Plan): Move[] {
  const hosts = (progress: Ring['hosts'][string]): Ring['hosts'] =>
    Object.fromEntries((ring?.hosts ?? []).map((host) => [host.hostId, progress]))
  const fields = { changeId, name: 'production', planHash, openedAt: at, failureBudget: 1, commands: {} }
  const packagesByHost = Object.fromEntries((ring?.hosts ?? []).map((host) => [host.hostId, 'openssl=3.0.2-2']))
  const waiting = hosts({ step: 'precheck', state: 'waiting', attempt: 1 })
  const opened = ringMoves(undefined, { ...fields, mode: 'patch', state: 'open', packagesByHost, hosts: waiting })
  const done = hosts({ step: 'verify', state: 'done', attempt: 1, bootId: '0f3a4c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b' })
  const ended = ringMoves(opened.after, { ...opened.after.value, state: 'succeeded', endedAt: at, hosts: done })
  const [, ...openings] = opened.moves
  return [...openings, ...ended.moves]
}

function stepAt(index: number, host: string): Move {
  const end = { step: 'install', attempt: 1, commandId: '0f3a4c1e-5b6d-4e7f-8a9b-0c1d2e3f4a5b' } as const
  const outputLocation = `s3://drydock-outputs/${changeId}/${host}/install/stdout`
  const times = { startedAt: instantOf(index), endedAt: instantOf(index), at: instantOf(index) }
  return stepsMove(host, [{ ...end, ...times, status: 'Success', exitCode: 0, outcome: 'passed', outputLocation }], {
    changeId,
    name: 'production',
  })
}
