/**
 * Ballots are questions put to people, and approval links lead to questions; people and roles are read from the
 * catalogue.
 */
import { canonicalJson, type Json } from '../kit/json.ts'
import { keys, partitions } from '../kit/keys.ts'
import { type Fields, fieldsOf, type Migration, type RawItem } from './migration.ts'

const choices: Json = [
  { choice: 'approve', outcome: 'approved', isFinal: false },
  { choice: 'reject', outcome: 'rejected', isFinal: true },
]
/** What an old ballot had copied from the catalogue for each approver. */
const copied = ['name', 'email', 'channel', 'roles', 'sameAs']
/** A digest that no secret matches: some old links had none. */
const noDigest = '0'.repeat(64)

export const questions: Migration = {
  id: '005-questions',
  says: 'A ballot is a question of the purpose approval under a key of its own, and its links lead to questions.',
  up: (item) => [questionOf(item) ?? questionLinkOf(item) ?? item],
  down: (item) => [ballotOf(item) ?? approvalLinkOf(item) ?? item],
}

function questionOf(item: RawItem): RawItem | undefined {
  const fields = fieldsOf(item, 'ballot')
  if (!fields) return undefined
  const { changeId, planHash, requester, rollbackAuthor, approvers, votes, ...kept } = fields
  const value: Json = {
    ...kept,
    purpose: 'approval',
    subject: changeId,
    subjectHash: planHash,
    changeId,
    choices,
    mayDelegate: false,
    excluded: [
      { who: requester, because: 'own-request' },
      { who: rollbackAuthor, because: 'rollback-author' },
    ],
    asked: listOf(approvers).map((approver) => without(approver, copied)),
    answers: votes,
    migratedFrom: canonicalJson(listOf(approvers).map((approver) => only(approver, ['personId', ...copied]))),
  }
  return { ...item, kind: 'question', key: keys.question('approval', String(changeId)), value }
}

function ballotOf(item: RawItem): RawItem | undefined {
  const fields = fieldsOf(item, 'question')
  if (fields?.purpose !== 'approval') return undefined
  const { subject, subjectHash, excluded, asked, answers, migratedFrom, ...rest } = fields
  const [requester, rollbackAuthor] = listOf(excluded).map(({ who }) => who)
  const known = new Map(copiesIn(migratedFrom).map((one) => [one.personId, one]))
  const value: Json = {
    ...without(rest, ['purpose', 'choices', 'mayDelegate']),
    changeId: subject,
    planHash: subjectHash,
    requester,
    rollbackAuthor,
    approvers: listOf(asked).map((one) => ({
      ...(known.get(one.personId) ?? unknownPerson(one)),
      ...without(one, ['delegatedBy', 'delegatedTo']),
    })),
    votes: listOf(answers).map((answer) => without(answer, ['details'])),
  }
  const { list: _, ...unlisted } = item
  return { ...unlisted, kind: 'ballot', key: { pk: partitions.change(String(subject)), sk: 'BALLOT' }, value }
}

/** For people asked after the migration: an older Drydock counts them for no role until it asks again. */
const unknownPerson = ({ personId = '' }: Fields): Fields => ({
  name: personId,
  email: '',
  channel: 'email',
  roles: [],
})

function questionLinkOf(item: RawItem): RawItem | undefined {
  const fields = fieldsOf(item, 'approval-link')
  if (!fields) return undefined
  const { changeId, planHash, personId, secretDigest = noDigest } = fields
  const value: Json = { purpose: 'approval', subject: changeId, subjectHash: planHash, personId, secretDigest }
  return { ...item, kind: 'question-link', value }
}

function approvalLinkOf(item: RawItem): RawItem | undefined {
  const fields = fieldsOf(item, 'question-link')
  if (fields?.purpose !== 'approval') return undefined
  const { subject, subjectHash, personId, secretDigest } = fields
  const digest = secretDigest === noDigest ? {} : { secretDigest }
  return { ...item, kind: 'approval-link', value: { changeId: subject, planHash: subjectHash, personId, ...digest } }
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: Json | undefined): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

const copiesIn = (text: Json | undefined): Fields[] => (typeof text === 'string' ? listOf(JSON.parse(text)) : [])

const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))

const only = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)))
