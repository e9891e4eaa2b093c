/** Who and what a link leads to; unknown, foreign and truncated links are told apart by nobody. */
import { CatalogueRecord } from '../catalogue/index.ts'
import { type Change, ChangeRecord, terminalStates } from '../changes/index.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger, Stored } from '../kit/ledger.ts'
import type { Secrets } from '../people/index.ts'
import { ApprovalLinkRecord, personOfAddress } from '../people/index.ts'
import { type Approver, type Ballot, BallotRecord } from './ballot.ts'

export interface LinkProof {
  readonly linkId: string
  readonly secret: string
}

export interface Seen {
  readonly ballot: Stored<Ballot>
  readonly approver: Approver
  readonly change: Stored<Change>
}

export interface LookPorts {
  readonly ledger: Ledger
  readonly secrets: Secrets
}

/** `withdrawn`: the change was cancelled, replaced or held, so nobody's vote is wanted. */
export type LinkRefusal = 'unknown-link' | 'newer-mail' | 'superseded' | 'withdrawn'

/** Compared with when there is no link, so that both ways do the same work. */
const noDigest = '0'.repeat(64)

/** Nothing is told to anyone who does not hold the secret: it is compared before anything else is read. */
export async function followLink(
  { linkId, secret }: LinkProof,
  { ledger, secrets }: LookPorts,
): Promise<Seen | { readonly refused: LinkRefusal }> {
  const link = await ledger.read(ApprovalLinkRecord, keys.approvalLink(linkId))
  const holdsSecret = secrets.isEqual(secrets.digest(secret), link?.value.secretDigest ?? noDigest)
  if (!link || !holdsSecret) return { refused: 'unknown-link' }
  const { changeId, personId, planHash } = link.value
  const { ballot, change } = await readBallot(changeId, ledger)
  if (!ballot || !change) return { refused: 'unknown-link' }
  if (change.value.planHash !== planHash || ballot.value.planHash !== planHash) return { refused: 'superseded' }
  const approver = ballot.value.approvers.find((one) => one.personId === personId)
  if (!approver) return { refused: 'unknown-link' }
  if (approver.linkId !== linkId) return { refused: 'newer-mail' }
  if (isWithdrawn(ballot.value, change.value)) return { refused: 'withdrawn' }
  return { ballot, approver, change }
}

/**
 * The change first: the vote that ends a ballot moves both at once, so a ballot read after its change is never the older of the two,
 * and nobody is told of a withdrawn question that was in truth decided (F15, F16).
 */
async function readBallot(changeId: string, ledger: Ledger) {
  const change = await ledger.read(ChangeRecord, keys.change(changeId))
  return { change, ballot: await ledger.read(BallotRecord, keys.ballot(changeId)) }
}

/** An open ballot on a change that does not wait for it. */
export const isWithdrawn = (ballot: Ballot, change: Change): boolean =>
  ballot.outcome === 'open' && change.state !== 'awaiting-approval'

/** What a signed-in person may vote on: found by the address that the session vouches for, never by a link. */
export async function findAsSignedIn(
  changeId: string,
  sessionAddress: string,
  { ledger }: Pick<LookPorts, 'ledger'>,
): Promise<(Omit<Seen, 'approver'> & { readonly personId: string }) | { readonly refused: LinkRefusal }> {
  const [{ ballot, change }, catalogue] = await Promise.all([
    readBallot(changeId, ledger),
    ledger.read(CatalogueRecord, keys.catalogue()),
  ])
  const person = catalogue && personOfAddress(sessionAddress, catalogue.value.people)
  if (!ballot || !change || !person) return { refused: 'unknown-link' }
  if (ballot.value.planHash !== change.value.planHash && !terminalStates.includes(change.value.state))
    return { refused: 'superseded' }
  if (isWithdrawn(ballot.value, change.value)) return { refused: 'withdrawn' }
  return { ballot, change, personId: person.id }
}
