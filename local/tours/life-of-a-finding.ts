/** Writes docs/life-of-a-finding.md: one finding on its way to filed evidence, with the records as they stood. Part of `npm run docs`. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { BallotRecord } from '../../functions/approvals/index.ts'
import { type Change, ChangeRecord, findingIdsOf, terminalStates } from '../../functions/changes/index.ts'
import { FindingRecord } from '../../functions/finding/index.ts'
import { byTextOf } from '../../functions/kit/by-text.ts'
import { canonicalJson } from '../../functions/kit/json.ts'
import { keys, lists } from '../../functions/kit/keys.ts'
import type { RecordKey, RecordKind } from '../../functions/kit/ledger.ts'
import { HostOutcomeRecord } from '../../functions/outcomes/index.ts'
import { PlanRecord } from '../../functions/planning/index.ts'
import { AssessmentRecord } from '../../functions/risk/index.ts'
import { readRing } from '../../functions/rollout/index.ts'
import { ValidationRecord } from '../../functions/validation/index.ts'
import { worldStartMs } from '../../simulator/world.ts'
import { projectRoot } from '../../tools/processes.ts'
import { findingEvent, foundOn, makeSmallWorld } from './small-world.ts'

/** The generated page. */
export const lifeOfAFinding = 'docs/life-of-a-finding.md'

const minuteMs = 60_000
/** Longer lists and texts are cut on the page. */
const itemsMax = 2
const fieldsMax = 18
const charactersMax = 100

const Leaf = z.object({ record: z.object({ type: z.string(), at: z.string(), actor: z.string() }) })

/** A value as a reader can take it in: long lists and texts cut, with how much there is. */
function shortened(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length <= charactersMax ? value : `${value.slice(0, charactersMax)}... (${value.length} characters)`
  if (Array.isArray(value)) {
    const shown = value.slice(0, itemsMax).map(shortened)
    return value.length <= itemsMax ? shown : [...shown, `... ${value.length - itemsMax} more`]
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const shown = entries.slice(0, fieldsMax).map(([key, item]) => [key, shortened(item)] as const)
  const rest = entries.length > fieldsMax ? [['...', `${entries.length - fieldsMax} more`] as const] : []
  return Object.fromEntries([...shown, ...rest])
}

/** Only the fields named, in that order. */
const only = (value: object, fields: readonly string[]) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => fields.includes(key)))

const block = (value: unknown) => [
  '```json',
  JSON.stringify(shortened(JSON.parse(canonicalJson(value))), undefined, 2),
  '```',
  '',
]

interface Station {
  readonly title: string
  /** What happens there, in a sentence or two. */
  readonly says: string
  readonly key?: RecordKey
  readonly value: unknown
}

const asMarkdown = ({ title, says, key, value }: Station) => [
  `## ${title}`,
  '',
  says,
  '',
  ...(key ? [`\`${key.pk}\` / \`${key.sk}\``, ''] : []),
  ...block(value),
]

type World = Awaited<ReturnType<typeof makeSmallWorld>>

async function recordOf<T>({ ledger }: World, kind: RecordKind<T>, key: RecordKey): Promise<T> {
  const read = await ledger.read(kind, key)
  if (!read) throw new Error(`the tour has no ${kind.kind} at ${key.pk} / ${key.sk}`)
  return read.value
}

const changeIn = async ({ ledger }: World): Promise<Change | undefined> =>
  (await ledger.list(ChangeRecord, lists.changes))[0]?.value

/** What the log holds of the tour: each type of leaf with how many and when the first was filed. */
async function leafTable(world: World): Promise<string[]> {
  const records = (await world.leaves()).map(({ text }) => Leaf.parse(JSON.parse(text)).record)
  const inOrder = records.toSorted(byTextOf(({ at }) => at))
  const rows = [...Map.groupBy(inOrder, ({ type }) => type)].map(([type, found]) => {
    const seconds = Math.round((Date.parse(found[0]?.at ?? '') - worldStartMs) / 1000)
    const actors = [...new Set(found.map(({ actor }) => actor))].join(', ')
    return `| \`${type}\` | ${found.length} | ${seconds} s | ${actors} |`
  })
  return ['| Leaf | How many | First after | By |', '| --- | --- | --- | --- |', ...rows, '']
}

async function ringOf(world: World, changeId: string, name: string) {
  const ring = await readRing(changeId, name, world.ports.ledger)
  if (!ring) throw new Error(`no ring ${name}`)
  return ring.value
}

async function stationsOf(world: World, change: Change): Promise<Station[]> {
  const { changeId, planHash = '' } = change
  const [findingId = ''] = (await Array.fromAsync(findingIdsOf(change, world.ledger))).flat()
  const ring = 'canary'
  const [finding, assessment, plan, ballot, rolled, validation, outcome] = await Promise.all([
    recordOf(world, FindingRecord, keys.finding(findingId)),
    recordOf(world, AssessmentRecord, keys.assessment(findingId)),
    recordOf(world, PlanRecord, keys.plan(changeId, planHash)),
    recordOf(world, BallotRecord, keys.ballot(changeId)),
    ringOf(world, changeId, ring),
    recordOf(world, ValidationRecord, keys.validation(changeId, ring)),
    recordOf(world, HostOutcomeRecord, keys.hostOutcome(foundOn, changeId, 1)),
  ])
  const { taskToken: _token, ...openBallot } = ballot
  return [
    {
      title: '1. An event arrives',
      says: 'Inspector sends it over EventBridge; a rule puts it on the findings queue. Nothing is known yet but its text.',
      value: findingEvent(),
    },
    {
      title: '2. `intake` makes it a finding',
      says: 'Normalised, merged with other copies of the same finding, and recorded together with the decision about it.',
      key: keys.finding(findingId),
      value: finding,
    },
    {
      title: '3. `risk` decides',
      says: 'Facts of the finding, its service and the feeds go through the decision tables. Everything that was used is kept, so that `drydock replay` gives the same bytes.',
      key: keys.assessment(findingId),
      value: assessment,
    },
    {
      title: '4. `changes` opens or joins a change',
      says: 'One open change for each service and patch set takes in every finding that its patches fix. This is the record at the end of its life.',
      key: keys.change(changeId),
      value: change,
    },
    {
      title: '5. `planning` says what will be done',
      says: 'Manifest, rings, limits and the way back. The SHA-256 of its canonical JSON is the plan hash that people vote on.',
      key: keys.plan(changeId, planHash),
      value: plan,
    },
    {
      title: '6. `people` and `approvals` ask',
      says: 'Each approver gets a personal link by mail. Secrets and codes stand here as digests only.',
      key: keys.ballot(changeId),
      value: openBallot,
    },
    {
      title: '7. `rollout` opens a ring when every gate says go',
      says: `The ring \`${ring}\`, after its last host was verified. Hosts that stand at the same place share one entry.`,
      key: keys.ring(changeId, ring),
      value: only(rolled, [
        'changeId',
        'name',
        'mode',
        'state',
        'openedAt',
        'endedAt',
        'failureBudget',
        'hosts',
        'packagesByHost',
      ]),
    },
    {
      title: '8. `validation` compares patched with unpatched hosts',
      says: 'Probes and, on a canary, every metric of the service at each look.',
      key: keys.validation(changeId, ring),
      value: validation,
    },
    {
      title: '9. `outcomes` keeps what became of each host',
      says: 'Written once when the change ends; everything that reports and learns reads it. What was not measured is `unknown`, never 0.',
      key: keys.hostOutcome(foundOn, changeId, 1),
      value: outcome,
    },
  ]
}

/** The page's text: the same at every run, for the world is. */
export async function lifeOfAFindingPage(): Promise<string> {
  const world = await makeSmallWorld()
  await world.publish(findingEvent())
  world.approveEvery(minuteMs)
  const isOver = async () => terminalStates.includes((await changeIn(world))?.state ?? 'assessed')
  await world.run({ until: isOver, withinMs: 120 * minuteMs })
  const change = await changeIn(world)
  if (!change) throw new Error('the tour opened no change')
  const stations = await stationsOf(world, change)
  return [
    '# The life of a finding',
    '',
    'One vulnerability on one of eight web nodes, from its event to its last leaf. Every value on this page is what a run on the simulated',
    `fleet left behind; \`npm run docs\` writes the page, and a test fails when it is stale. The change ended \`${change.state}\`.`,
    '',
    ...stations.flatMap(asMarkdown),
    '## 10. `evidence` files every step',
    '',
    'Each transition above wrote its record and an outbox item in one transaction. The archiver made these leaves of them, signed each,',
    'and signed the head of the log over all ([format](evidence.md)).',
    '',
    ...(await leafTable(world)),
  ].join('\n')
}

if (import.meta.main) writeFileSync(join(projectRoot, lifeOfAFinding), await lifeOfAFindingPage())
