import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { transactionItemsMax } from '../../functions/kit/ledger.ts'
import type { HostProgress } from '../../functions/rollout/ring.ts'
import { filesUnder } from '../house/source-files.ts'
import { manyHosts } from './rollback/many-hosts.ts'

/**
 * Every file that commits, with the items of its largest transaction. A number: no list in it grows with the input. Where
 * one does, the test that runs the use case at its maxima.
 */
const sites: Readonly<Record<string, number | string>> = {
  'functions/approvals/open-ballot.ts': 5,
  'functions/changes/assess-finding.ts': 12,
  'functions/changes/move-change.ts': 2,
  'functions/changes/pull-stop.ts': 2,
  'functions/changes/replan-change.ts': 3,
  'functions/changes/start-driver.ts': 2,
  'functions/changes/undo-join.ts': 3,
  'functions/driver/last-catalogue.ts': 2,
  'functions/intake/pull-findings.ts': 2,
  'functions/intake/record-finding.ts': 2,
  'functions/intel/refresh-feed.ts': 2,
  'functions/inventory/sync.ts': 91,
  'functions/migrations/migrate-ledger.ts': 'test/functions/migrations/migrate-ledger.test.ts',
  'functions/outcomes/record-drill.ts': 2,
  'functions/outcomes/record-outcomes.ts': 'test/functions/outcomes/record-outcomes.test.ts',
  'functions/people/answer-question.ts': 4,
  'functions/people/ask-people.ts': 'test/functions/people/spot-check.test.ts',
  'functions/people/close-question.ts': 3,
  'functions/people/delegate-question.ts': 2,
  'functions/people/follow-up-questions.ts': 2,
  'functions/people/nudge-asker.ts': 1,
  'functions/people/open-question.ts': 3,
  'functions/planning/plan-change.ts': 4,
  'functions/rollback/block-patches.ts': 'test/functions/rollback/finish-rollback.test.ts',
  'functions/rollback/finish-rollback.ts': 2,
  'functions/rollback/open-rollback.ts': 2,
  'functions/rollout/baseline.ts': 2,
  'functions/rollout/open-ring.ts': 3,
  'functions/rollout/reconcile-ring.ts': 'test/functions/transaction-maxima.test.ts',
  'functions/rollout/dispatch-hosts.ts': 2,
  'functions/rollout/send-intents.ts': 'test/functions/transaction-maxima.test.ts',
  'functions/validation/file-validation.ts': 5,
}

describe('I16 every transaction of the product', () => {
  it('is made at a place that is known here', () => {
    const committing = filesUnder(['functions'], '.ts')
      .filter(({ text }) => /\bledger\s*\.commit\(/.test(text))
      .map(({ path }) => path)
    expect(committing.sort()).toEqual(Object.keys(sites).sort())
  })

  it.each(Object.entries(sites))('%s is bounded, or a test runs it at its maxima (%s)', (_, bound) => {
    if (typeof bound === 'number') expect(bound).toBeLessThanOrEqual(transactionItemsMax)
    else
      expect(readFileSync(bound, 'utf8')).toMatch(
        /transactionItemsMax|toBeLessThanOrEqual\(100\)|transactions that DynamoDB takes/,
      )
  })
})

describe('I16 a rollback of 200 hosts that all go on at once, each to versions of its own', () => {
  it.each<readonly [string, number, HostProgress]>([
    ['at the restore, 1 service', 1, { step: 'rollback', state: 'waiting', attempt: 1 }],
    ['at the restore, 60 services', 60, { step: 'rollback', state: 'waiting', attempt: 1 }],
    ['at the collection, 60 services', 60, { step: 'collect', state: 'waiting', attempt: 1 }],
    ['at the proof, 60 services', 60, { step: 'verify', state: 'waiting', attempt: 1 }],
  ])('%s: ends, in transactions that DynamoDB takes', async (_, services, progress) => {
    const { sizes, pass, memory } = await manyHosts({ hosts: 200, services, packages: 1, progress })
    const isOpen = async () =>
      JSON.stringify((await memory.items.page(undefined, 10_000)).items).includes('"state":"open"')
    for (let passes = 0; passes < 600 && (await isOpen()); passes++) await pass()
    expect(await isOpen()).toBe(false)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(transactionItemsMax)
  })
})
