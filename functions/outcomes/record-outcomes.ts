/**
 * Records how a change ended on each of its hosts: each record once, in bounded transactions, resumable after a crash
 * at any point.
 */
import { DrydockError } from '../kit/errors.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { inChunks } from '../kit/in-chunks.ts'
import { canonicalJson, type Json } from '../kit/json.ts'
import { keys, lists, partitions, prefixes } from '../kit/keys.ts'
import type { EvidenceRecord, Ledger, Move } from '../kit/ledger.ts'
import type { Clock, Ids } from '../kit/ports.ts'
import { retried } from '../kit/retried.ts'
import { isoInstant } from '../kit/time.ts'
import { type HostRun, hostOutcomeOf } from './host-run.ts'
import { type HostOutcome, HostOutcomeRecord } from './outcome.ts'
import {
  type Digest,
  inHostOrder,
  type OutcomeBegun,
  OutcomeBegunRecord,
  OutcomeSetRecord,
  outcomeSetOf,
  type RollbackTime,
  type ServiceOutcome,
  ServiceOutcomeRecord,
  serviceOutcomesOf,
  setDigestOf,
} from './outcome-set.ts'

/** A change that has ended or is about to, as its driver sees it. */
export interface EndedChange {
  readonly changeId: string
  readonly service: string
  readonly ending: OutcomeBegun['ending']
  readonly because: string
  readonly rollback?: RollbackTime | undefined
}

/** The ports for recording outcomes, and the account that their evidence names. */
export interface OutcomePorts {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly ids: Ids
  readonly digest: Digest
  /** The account that evidence names. */
  readonly account: string
}

/** The end being recorded: its sequence, its number of hosts, and whether all outcomes are recorded. */
export interface Recorded {
  readonly sequence: number
  readonly hosts: number
  /** False if transactions remain for another call. */
  readonly isComplete: boolean
}

/** Transactions per call, so that a call takes seconds even for 10,000 hosts. */
const chunksMax = 60

/**
 * Records the outcomes of an end of a change. `runs` is called only if something is left to record.
 *
 * An end is begun once; it keeps its sequence and its instant, so that a call after a crash makes the same bytes.
 * Records are never rewritten: a later end of the same change (a rollback of a closed one) has the next sequence. The
 * set is complete once its own record exists, with the counts and a digest of all hosts.
 *
 * @throws DrydockError DD2501 when other writers were faster at every try; the next call continues.
 */
export async function run(
  ended: EndedChange,
  runs: () => Promise<readonly HostRun[]>,
  ports: OutcomePorts,
): Promise<Recorded> {
  const begun = await begin(ended, ports)
  const { changeId, sequence } = begun
  const known = await ports.ledger.read(OutcomeSetRecord, keys.outcomeSet(changeId, sequence))
  if (known) return { sequence, hosts: known.value.hosts, isComplete: true }
  const outcomes = inHostOrder((await runs()).map((run) => hostOutcomeOf(run, endOf(begun))))
  const hosts = outcomes.length
  const services = serviceOutcomesOf(begun, outcomes, ended.rollback)
  const chunks = [
    ...inChunks(outcomes, lengthOf).map(hostChunk(ports.digest)),
    ...inChunks(services, lengthOf).map(serviceChunk),
  ]
  let written = 0
  for (const chunk of chunks) {
    if (written >= chunksMax) return { sequence, hosts, isComplete: false }
    if (await writeChunk(chunk, begun, ports)) written++
  }
  const set = outcomeSetOf(begun, outcomes, ended.rollback, ports.digest)
  const move = { kind: OutcomeSetRecord.kind, key: keys.outcomeSet(changeId, sequence), from: 0, value: set }
  await writeChunk({ moves: [move], type: 'outcome.recorded', body: set }, begun, ports)
  return { sequence, hosts, isComplete: true }
}

const lengthOf = (value: Json) => canonicalJson(value).length

const endOf = ({ changeId, sequence, service, ending, at }: OutcomeBegun) => ({
  changeId,
  sequence,
  service,
  ending,
  at,
})

/** The recorded end for this ending, or a new one after the last. */
function begin(ended: EndedChange, ports: OutcomePorts): Promise<OutcomeBegun> {
  const { changeId, service, ending, because } = ended
  const { ledger, clock } = ports
  return retried({ code: 'DD2501', what: `the end of ${changeId}`, advice: 'ask again' }, async () => {
    const known = await ledger.query(OutcomeBegunRecord, partitions.outcomes(changeId), prefixes.outcomeBegun)
    const last = known.at(-1)?.value
    // A change closes once; a rollback is a new end only with a different reason.
    if (last?.ending === ending && (ending === 'closed' || last.because === because)) return last
    const at = isoInstant(clock.nowMs())
    const sequence = known.length + 1
    const begun: OutcomeBegun = { schemaVersion: 1, changeId, sequence, service, ending, at, because }
    const result = await ledger.commit({
      moves: [{ kind: OutcomeBegunRecord.kind, key: keys.outcomeBegun(changeId, sequence), from: 0, value: begun }],
      evidence: [{ ...evidenceBy(ports, at), type: 'outcome.begun', changeId, body: begun }],
    })
    return 'committed' in result ? begun : undefined
  })
}

interface Chunk extends Pick<EvidenceRecord, 'type' | 'body'> {
  readonly moves: readonly Move[]
}

const hostChunk =
  (digest: Digest) =>
  (outcomes: readonly HostOutcome[]): Chunk => ({
    moves: outcomes.map((value) => ({
      kind: HostOutcomeRecord.kind,
      key: keys.hostOutcome(value.hostId, value.changeId, value.sequence),
      from: 0,
      value,
      list: { pk: lists.hostOutcomesOf(value.changeId, value.sequence), sk: value.hostId },
    })),
    type: 'outcome.hosts-recorded',
    body: {
      sequence: outcomes[0]?.sequence ?? 0,
      hosts: outcomes.length,
      firstHost: outcomes[0]?.hostId ?? '',
      lastHost: outcomes.at(-1)?.hostId ?? '',
      digest: setDigestOf(outcomes, digest),
    },
  })

const serviceChunk = (services: readonly ServiceOutcome[]): Chunk => ({
  moves: services.map((value) => ({
    kind: ServiceOutcomeRecord.kind,
    key: keys.serviceOutcome(value.changeId, value.sequence, value.service),
    from: 0,
    value,
    list: {
      pk: lists.serviceOutcomesOf(value.service),
      sk: `${value.at}#${value.changeId}#${value.sequence}`,
    },
  })),
  type: 'outcome.services-recorded',
  body: services.map(({ service, hosts, unavailable }) => ({ service, hosts, unavailable })),
})

/** A chunk is recorded completely or not at all, so its last record tells. @returns whether it was written now. */
async function writeChunk({ moves, type, body }: Chunk, { changeId }: OutcomeBegun, ports: OutcomePorts) {
  const { ledger, clock } = ports
  const last = moves.at(-1)
  if (!last || (await stands(last, ledger))) return false
  const at = isoInstant(clock.nowMs())
  const evidence = { ...evidenceBy(ports, at), type, changeId, body }
  const result = await ledger.commit({ moves, evidence: [evidence] })
  if ('committed' in result) return true
  if (await stands(last, ledger)) return false
  throw new DrydockError('DD2501', `outcomes of ${changeId} up to ${last.key.pk} are partly recorded; try again`)
}

const kinds = [HostOutcomeRecord, ServiceOutcomeRecord, OutcomeSetRecord]

async function stands({ kind, key }: Move, ledger: Ledger): Promise<boolean> {
  const known = kinds.find((one) => one.kind === kind)
  return known !== undefined && (await ledger.read<unknown>(known, key)) !== undefined
}
