/** Reads the facts that gates ask about, each by itself, so that an unreadable one hides no other. */
import { type Ballot, BallotRecord } from '../approvals/index.ts'
import { type CalendarReadings, type CalendarStates, readCalendars } from '../calendar/index.ts'
import { type Catalogue, CatalogueRecord } from '../catalogue/index.ts'
import { type Change, ChangeRecord, type Stop, StopRecord } from '../changes/index.ts'
import type { EvidenceHealth } from '../evidence/index.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import type { Clock } from '../kit/ports.ts'
import { isoInstant } from '../kit/time.ts'
import { type DocumentPins, type Plan, PlanRecord } from '../planning/index.ts'
import { type ProbeOutcome, probeAll } from './baseline.ts'
import { type Fact, factSecondsMax, type GateFacts, type PinNow, type RingInWork } from './gates/gate.ts'
import type { Prober } from './ports.ts'

/** The ports for reading facts of an open ring. */
export interface GatePorts {
  readonly ledger: Pick<Ledger, 'read'>
  readonly clock: Clock
  /** The health of the evidence log, with undefined for what cannot be read. */
  readonly evidenceHealth: () => Promise<EvidenceHealth>
  /** Absent: calendars that SSM keeps count as closed. */
  readonly calendarStates?: CalendarStates
}

/** The ports for reading facts before a ring opens. */
export interface OpeningPorts extends GatePorts {
  readonly pins: DocumentPins
  readonly prober: Prober
}

/** The ring in question. */
export interface GateQuestion {
  readonly changeId: string
  readonly ring: string
  readonly inWork?: RingInWork
  /** The plan, if it was read before: it never changes under its hash. */
  readonly plan?: Plan
}

/** Facts, and the change as read, for a conditional move; `documents` and `probes` are missing if not requested. */
export interface ReadFacts {
  readonly facts: GateFacts
  readonly change: Stored<Change> | undefined
}

/** A fact that can be outdated: its state at an instant, in milliseconds since the epoch. */
type DatedFact<T> = (nowMs: number) => Fact<T>

const missing = { kind: 'missing' } as const
const notAsked = () => missing

/** Facts of an open ring; never throws, because an unreadable one is an unknown fact with its reason. */
export async function readGateFacts(question: GateQuestion, ports: GatePorts): Promise<ReadFacts> {
  const read = await readLedger(question, ports)
  return factsAt(ports.clock.nowMs(), question, { ...read, documents: notAsked, probes: notAsked })
}

/** Facts before a ring opens: the same, with the plan's documents from SSM and one run of every probe. */
export async function readOpeningFacts(question: GateQuestion, ports: OpeningPorts): Promise<ReadFacts> {
  const { clock, pins, prober } = ports
  const read = await readLedger(question, ports)
  const nowMs = clock.nowMs()
  const [plan, change, catalogue] = [read.plan(nowMs), read.change(nowMs), read.catalogue(nowMs)]
  const service =
    change.kind === 'known' && catalogue.kind === 'known'
      ? catalogue.value.value.services.find(({ name }) => name === change.value.value.service)
      : undefined
  const [documents, probes] = await Promise.all([
    dated(clock, async () => (plan.kind === 'known' ? currentDocuments(plan.value, pins) : undefined)),
    dated(clock, async () => service && probeAll(service, prober, isoInstant(nowMs))),
  ])
  return factsAt(clock.nowMs(), question, { ...read, documents, probes })
}

interface Read {
  readonly change: DatedFact<Stored<Change>>
  readonly plan: DatedFact<Plan>
  readonly ballot: DatedFact<Stored<Ballot>>
  readonly catalogue: DatedFact<Stored<Catalogue>>
  readonly calendars: DatedFact<CalendarReadings>
  readonly stop: DatedFact<GateStop>
  readonly evidence: DatedFact<EvidenceHealth>
  readonly documents: DatedFact<ReadonlyMap<string, PinNow>>
  readonly probes: DatedFact<readonly ProbeOutcome[]>
}

type GateStop = Pick<Stop, 'all' | 'changeIds' | 'because' | 'by'>
/** Without a record it was never pulled. */
const neverPulled: GateStop = { all: false, changeIds: [], because: '', by: '' }

async function readLedger(
  { changeId, plan: known }: GateQuestion,
  { ledger, clock, evidenceHealth, calendarStates }: GatePorts,
): Promise<Omit<Read, 'documents' | 'probes'>> {
  const [change, ballot, catalogue, stop, evidence] = await Promise.all([
    dated(clock, () => ledger.read(ChangeRecord, keys.change(changeId))),
    dated(clock, () => ledger.read(BallotRecord, keys.ballot(changeId))),
    dated(clock, () => ledger.read(CatalogueRecord, keys.catalogue())),
    dated(clock, async () => (await ledger.read(StopRecord, keys.stop()))?.value ?? neverPulled),
    dated(clock, evidenceHealth),
  ])
  const declared = catalogue(clock.nowMs())
  const calendars = await dated(clock, async () =>
    declared.kind === 'known'
      ? readCalendars(declared.value.value.calendars, calendarStates, clock.nowMs())
      : undefined,
  )
  const read = change(clock.nowMs())
  const planHash = read.kind === 'known' ? read.value.value.planHash : undefined
  const plan = await dated(clock, async () => {
    if (known || planHash === undefined) return known
    return (await ledger.read(PlanRecord, keys.plan(changeId, planHash)))?.value
  })
  return { change, plan, ballot, catalogue, calendars, stop, evidence }
}

/** The age of a fact counts from before it was read. */
async function dated<T>(clock: Clock, read: () => Promise<T | undefined>): Promise<DatedFact<T>> {
  const readMs = clock.nowMs()
  try {
    const value = await read()
    if (value === undefined) return notAsked
    return (nowMs) => {
      const seconds = Math.round((nowMs - readMs) / 1000)
      return seconds > factSecondsMax ? { kind: 'late', seconds } : { kind: 'known', value }
    }
  } catch (error) {
    const because = String(error).replace(/\s+/g, ' ').slice(0, 200)
    return () => ({ kind: 'unreadable', because })
  }
}

async function currentDocuments(plan: Plan, pins: DocumentPins): Promise<Map<string, PinNow>> {
  const names = Object.values(plan.manifest.documents).map(({ name }) => name)
  return new Map(await Promise.all(names.map(async (name) => [name, await pins.current(name)] as const)))
}

function factsAt(nowMs: number, { ring, inWork }: GateQuestion, read: Read): ReadFacts {
  const change = read.change(nowMs)
  const facts: GateFacts = {
    ring,
    inWork,
    nowIso: isoInstant(nowMs),
    change: unstored(change),
    plan: read.plan(nowMs),
    ballot: unstored(read.ballot(nowMs)),
    catalogue: unstored(read.catalogue(nowMs)),
    calendars: read.calendars(nowMs),
    stop: read.stop(nowMs),
    evidence: read.evidence(nowMs),
    documents: read.documents(nowMs),
    probes: read.probes(nowMs),
  }
  return { facts, change: change.kind === 'known' ? change.value : undefined }
}

const unstored = <T>(fact: Fact<Stored<T>>): Fact<T> =>
  fact.kind === 'known' ? { kind: 'known', value: fact.value.value } : fact
