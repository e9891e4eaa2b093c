/**
 * The scenario of `npm start`: a finding fixed and proven, a bad patch caught and undone, a change that meets a freeze.
 */
import { type Change, ChangeRecord, terminalStates } from '../../functions/changes/index.ts'
import { excerpt } from '../../functions/kit/display-text.ts'
import { lists } from '../../functions/kit/keys.ts'
import { isoInstant } from '../../functions/kit/time.ts'
import { type Ring, ringsOf } from '../../functions/rollout/index.ts'
import type { LocalCloud } from '../../simulator/cloud.ts'
import type { Fleet } from '../../simulator/fleet/fleet.ts'
import { asffCopyEvent, inspectorFindingEvent } from '../scenario-findings.ts'
import { approveAll, askIn } from './approve.ts'
import { bar, type Display } from './display.ts'
import { type Story, storyFindings } from './stories.ts'
import { awaitValue } from './wait.ts'

export interface ScenarioOptions {
  readonly cloud: LocalCloud
  readonly fleet: Fleet
  readonly display: Display
  /** Approve without a person. */
  readonly isUnattended: boolean
  /** How long a person may take to approve, and a change to end. */
  readonly timeoutMs: number
}

export interface ChangeOutcome {
  readonly change: Change
  readonly seconds: number
}

export interface ScenarioOutcome {
  readonly patched: ChangeOutcome
  readonly rolledBack: ChangeOutcome
  readonly held: ChangeOutcome
}

/** Runs the three changes side by side and returns how each ended. */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioOutcome> {
  const { clock } = options.cloud
  const startMs = clock.nowMs()
  for (const story of ['patched', 'rolledBack', 'held'] as const) await reportFinding(options, story)
  const seen = new Map<string, string>()
  const progress = new Map<Story, string>()
  const answered = new Set<string>()
  const outcome = async (story: Story, isOver: (change: Change) => boolean): Promise<ChangeOutcome> => {
    const change = await awaitValue(
      `the end of the ${story} change`,
      () => look(options, story, { isOver, seen, progress, answered }),
      {
        timeoutMs: options.timeoutMs,
        time: options.cloud,
        describe: async () => [...seen.values()].join(' | '),
      },
    )
    return { change, seconds: (clock.nowMs() - startMs) / 1000 }
  }
  const [patched, rolledBack, held] = await Promise.all([
    outcome('patched', (change) => terminalStates.includes(change.state)),
    outcome('rolledBack', (change) => terminalStates.includes(change.state)),
    outcome('held', (change) => change.state === 'held' || terminalStates.includes(change.state)),
  ])
  return { patched, rolledBack, held }
}

async function reportFinding({ cloud, fleet, display }: ScenarioOptions, story: Story) {
  const { service, ...finding } = storyFindings[story]
  const hostId = fleet
    .describeNodes()
    .find(
      (node) =>
        node.tags['patch-service'] === service &&
        node.tags['patch-stage'] === 'production' &&
        node.packages[finding.packageName] === finding.installedVersion,
    )?.hostId
  if (hostId === undefined) throw new Error(`no ${service} node has ${finding.packageName} ${finding.installedVersion}`)
  const input = {
    ...finding,
    account: '123456789012',
    region: 'eu-central-1',
    hostId,
    status: 'ACTIVE',
    updatedAtIso: isoInstant(cloud.clock.nowMs()),
    findingUuid: `${story}0000000000000000000000000`.slice(0, 32).toLowerCase(),
    platform: 'UBUNTU_22_04',
  } as const
  const event = inspectorFindingEvent(input)
  await cloud.publish(event)
  if (story === 'patched') {
    await cloud.publish(asffCopyEvent(input))
    await cloud.publish(event)
    display.line(
      `found   ${finding.cve} in ${finding.packageName} on ${hostId} (${service}), with its Security Hub copy and a duplicate`,
    )
  } else display.line(`found   ${finding.cve} in ${finding.packageName} on ${hostId} (${service})`)
}

interface Watch {
  readonly isOver: (change: Change) => boolean
  /** The last line told of each story. */
  readonly seen: Map<string, string>
  /** How each story stands, for the live block. */
  readonly progress: Map<Story, string>
  /** Approval links that were followed, or that a person was told of. */
  readonly answered: Set<string>
}

async function look(
  options: ScenarioOptions,
  story: Story,
  { isOver, seen, progress, answered }: Watch,
): Promise<Change | undefined> {
  const { cloud, display } = options
  const changes = (await cloud.ledger.list(ChangeRecord, lists.changes)).map(({ value }) => value)
  const change = changes.find((one) => one.service === storyFindings[story].service)
  if (!change) return undefined
  const rings = await ringsOf(change.changeId, cloud.ledger)
  const text = lineOf(change)
  if (seen.get(story) !== text) {
    seen.set(story, text)
    display.line(text)
  }
  progress.set(story, progressOf(change, rings, cloud.inboxUrl))
  display.status([...progress.values()])
  if (change.state === 'awaiting-approval') await seeToVotes(options, change, answered)
  return isOver(change) ? change : undefined
}

/** The change's state, and of the ring that it is in, how many hosts are done. */
function progressOf(change: Change, rings: readonly Ring[], inboxUrl: string): string {
  const ring = rings.find(({ name }) => name === change.ring)
  const hosts = Object.values(ring?.hosts ?? {})
  const done = hosts.filter(({ state }) => state === 'done').length
  const where = ring
    ? `${ring.name.padEnd(12)} ${bar(done, hosts.length)}`
    : change.state === 'awaiting-approval'
      ? `its approvers' mail: ${inboxUrl}`
      : ''
  return `${change.service.padEnd(7)} ${change.state.padEnd(18)} ${where}`.trimEnd()
}

function lineOf(change: Change): string {
  const where = change.ring && ['in-progress', 'validating'].includes(change.state) ? ` ring ${change.ring}` : ''
  const why = change.heldBecause ?? change.outcome
  const due =
    change.state === 'assessed'
      ? ` (${change.class}, due ${change.dueAt?.slice(0, 10) ?? 'on upgrade'}, priority ${change.priority})`
      : ''
  return `${change.service.padEnd(7)} ${change.state}${where}${due}${why ? `: ${excerpt(why)}` : ''}`
}

/** Votes in place of people where none is there; else tells each ask once, by whom it waits for. */
async function seeToVotes({ cloud, display, isUnattended }: ScenarioOptions, change: Change, answered: Set<string>) {
  if (isUnattended) {
    for (const answer of await approveAll(cloud, answered)) display.line(`voted   ${answer}`)
    return
  }
  const asks = (await cloud.inbox()).flatMap((mail) => {
    const ask = mail.text.includes(change.changeId) ? askIn(mail) : undefined
    return ask && !answered.has(ask.linkId) ? [ask] : []
  })
  for (const { linkId } of asks) answered.add(linkId)
  if (asks.length > 0)
    display.line(
      `${change.service.padEnd(7)} is waiting for votes by ${asks.map(({ mail }) => mail.to).join(' and ')}: open ${cloud.inboxUrl}`,
    )
}
