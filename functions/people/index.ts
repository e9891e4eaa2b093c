export {
  type Answered,
  type AnswerPorts,
  type GivenAnswer,
  type Refusal,
  run as answerQuestion,
} from './answer-question.ts'
export { type AskedRound, type AskPeople, type AskPorts, run as askPeople } from './ask-people.ts'
export { type AskStep, type NextAskStep, nextAskStep, noStep } from './ask-step.ts'
export { openQuestion, type QuestionSpec, type Unanswerable } from './asking.ts'
export { type AnswerRefusal, wrongCodesMax } from './casting.ts'
export { type QuestionLook, run as closeQuestion } from './close-question.ts'
export { givableRoles, givenRoles, hasQuorum, missingRoles } from './counting.ts'
export { type Delegated, type Delegation, run as delegateQuestion } from './delegate-question.ts'
export { type Ending, endingOf } from './ending.ts'
export { type Found, run as findQuestion, type SessionProof } from './find-question.ts'
export { type LinkProof, type LinkRefusal, type LookPorts, run as followLink, type Seen } from './follow-link.ts'
export { type FollowedUp, type FollowUpPorts, run as followUpQuestions } from './follow-up-questions.ts'
export { type Facts, idList, idsShownMax, type Letter, letterMail, minuteText, oneLine } from './letter.ts'
export { QuestionLinkRecord, questionLinkMove, questionUrl } from './link.ts'
export { run as openRecordedQuestion, unanswerableText } from './open-question.ts'
export { type People, peopleOf } from './people.ts'
export { roleOfPerson, soleHolderOf } from './person-role.ts'
export type { AskerNudges, Mail, Mailer, Secrets } from './ports.ts'
export type { AnswerProof } from './prove-person.ts'
export {
  type LetterTo,
  nothingElseMoves,
  type Purpose,
  type QuestionName,
  type QuestionPorts,
  type Settlement,
  type SubjectNow,
} from './purpose.ts'
export { Answer, AskedPerson, askedOf, Choice, Question, QuestionRecord, questionMove } from './question.ts'
export { run as readPeople } from './read-people.ts'
