/** A second purpose that `people` knows nothing of, and a world to ask it in. docs/guides/asking-people.md shows the part between the marks. */
// guide: begin
import * as z from 'zod'
import { minuteText, nothingElseMoves, type Purpose, type QuestionSpec } from '../../../functions/people/index.ts'

/** A steward checks a patched host and says whether it is well. */
export const spotCheck: Purpose = {
  name: 'spot-check',
  details: z.strictObject({ checked: z.array(z.string().max(63)).max(20) }),
  leafFacts: ({ subject }) => ({ hostId: subject }),
  async subjectNow(hostId, ledger) {
    const check = await ledger.read(HostCheckRecord, hostCheckKey(hostId))
    if (!check) return undefined
    const { checklist, isWanted } = check.value
    return { subjectHash: checklist, isWaiting: isWanted, isOver: false, settle: () => nothingElseMoves }
  },
  letters:
    async ({ subject, deadlineAt }) =>
    ({ isReminder }) => ({
      subject: `${isReminder ? 'Reminder: look' : 'Look'} at ${subject} before ${minuteText(deadlineAt)}`,
      intro: `Host ${subject} was patched; please look whether it is well, before ${minuteText(deadlineAt)}.`,
      facts: [['Host', subject]],
      action: 'Open this page to see the checklist',
      close: ['Opening the link decides nothing.'],
    }),
}

/** The question: one steward says that all is well, or anyone who is asked says that it is not. */
export const spotCheckOf = (hostId: string, checklist: string): QuestionSpec => ({
  purpose: spotCheck.name,
  subject: hostId,
  subjectHash: checklist,
  choices: [
    { choice: 'well', outcome: 'passed', isFinal: false },
    { choice: 'ill', outcome: 'failed', isFinal: true },
  ],
  roles: ['operations'],
  excluded: [{ who: 'sven', because: 'did-the-work' }],
  mayDelegate: true,
  remindAfterSeconds: 3_600,
  escalateAfterSeconds: 7_200,
  escalateTo: 'change-manager',
  deadlineSeconds: 86_400,
})

// guide: end

import { systemSecrets } from '../../../functions/aws/secrets.ts'
import { type Catalogue, CatalogueRecord, type Person } from '../../../functions/catalogue/index.ts'
import type { Json } from '../../../functions/kit/json.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import type { RecordKey, RecordKind } from '../../../functions/kit/ledger.ts'
import {
  answerQuestion,
  delegateQuestion,
  followUpQuestions,
  openRecordedQuestion,
  QuestionRecord,
} from '../../../functions/people/index.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { memoryMailer } from '../../../simulator/ports/mailer.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'
import { askOf } from '../approvals/any-approvals.ts'
import { anyPerson } from './any-people.ts'

export const hostId = 'i-00000001'
const checklist = 'c'.repeat(64)
export const startMs = Date.parse('2026-01-01T00:00:00.000Z')
export const hourMs = 3_600_000

const HostCheckRecord: RecordKind<{ checklist: string; isWanted: boolean }> = {
  kind: 'host-check',
  schema: z.strictObject({ checklist: z.string(), isWanted: z.boolean() }),
}
const hostCheckKey = (id: string): RecordKey => ({ pk: `HOST#${id}`, sk: 'CHECK' })

export const stewards = [
  anyPerson('stella', { roles: ['operations'] }),
  anyPerson('chloe', { roles: ['change-manager'] }),
  anyPerson('dora', { roles: ['service-owner'] }),
  anyPerson('sven', { roles: ['operations'] }),
]

export interface Proof {
  readonly code?: string
  readonly sessionAddress?: string
}

/** A host that waits for its spot check, asked about. */
export async function anySpotCheck(people: readonly Person[] = stewards) {
  const ledger = memoryLedger()
  const clock = fixedClock(startMs)
  const ids = sequentialIds()
  const mailer = memoryMailer()
  const nudged: { purpose: string; subject: string; outcome: string }[] = []
  const ports = {
    ledger,
    clock,
    ids,
    account: '123456789012',
    mailer,
    secrets: systemSecrets(),
    consoleUrl: 'http://127.0.0.1:8080',
    purposes: [spotCheck],
    tokens: { succeed: async () => Promise.reject(new Error('no machine waits for a spot check')) },
    askers: {
      nudge: async (purpose: string, message: { subject: string; outcome: string }) =>
        void nudged.push({ purpose, ...message }),
    },
  }
  const put = async (kind: string, key: RecordKey, from: number, value: Json) =>
    ledger.commit({
      moves: [{ kind, key, from, value }],
      evidence: [{ leafId: ids.next(), at: '', type: 'test.seeded', account: '', changeId: '', actor: '', body: {} }],
    })
  const empty: Catalogue = { services: [], people: [], conflicts: [], freezes: [], calendars: [] }
  const setPeople = async (to: readonly Person[]) => {
    const from = (await ledger.read(CatalogueRecord, keys.catalogue()))?.version ?? 0
    await put('catalogue', keys.catalogue(), from, { ...empty, people: [...to] })
  }
  const setCheck = async (to: { checklist?: string; isWanted?: boolean }) => {
    const from = (await ledger.read(HostCheckRecord, hostCheckKey(hostId)))?.version ?? 0
    await put('host-check', hostCheckKey(hostId), from, { checklist, isWanted: true, ...to })
  }
  await setPeople(people)
  await setCheck({})
  const opened = await openRecordedQuestion(spotCheckOf(hostId, checklist), ports)
  const followUp = () => followUpQuestions(ports)
  const question = async () => (await ledger.read(QuestionRecord, keys.question(spotCheck.name, hostId)))?.value
  const due = async () => (await ledger.list(QuestionRecord, lists.dueQuestions)).map(({ listSk }) => listSk)
  const linkOf = (personId: string, { code, sessionAddress }: Proof = {}) => {
    const ask = askOf(mailer.sent, personId)
    const session = sessionAddress === undefined ? {} : { sessionAddress }
    return { by: 'link', linkId: ask.linkId, secret: ask.secret, code: code ?? ask.code, ...session } as const
  }
  const given = { choice: 'well', comment: '', details: { checked: ['disk', 'logs'] } }
  const answer = (
    personId: string,
    more: { choice?: string; comment?: string; details?: Json; code?: string } = {},
  ) => {
    const { code, ...rest } = more
    return answerQuestion({ proof: linkOf(personId, code === undefined ? {} : { code }), ...given, ...rest }, ports)
  }
  const inSession = (sessionAddress: string) => {
    const name = { purpose: spotCheck.name, subject: hostId, subjectHash: checklist }
    return answerQuestion({ proof: { by: 'session', ...name, sessionAddress }, ...given }, ports)
  }
  const delegate = (personId: string, to: string, proof: Proof = {}) =>
    delegateQuestion({ proof: linkOf(personId, proof), to }, ports)
  const types = () => ledger.outbox().flatMap(({ type }) => (type === 'test.seeded' ? [] : [type]))
  const leafOf = (type: string) => ledger.outbox().findLast((leaf) => leaf.type === type)
  const mails = () => mailer.sent.map(({ to }) => to.replace(/@.*/, ''))
  const world = { ports, ledger, clock, mailer, nudged, opened, setPeople, setCheck, followUp, question, due }
  return { ...world, linkOf, answer, inSession, delegate, types, leafOf, mails }
}
