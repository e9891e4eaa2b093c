import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { answerFrom, askPage, askVerb, consoleOf } from '../../bench/pages-asked.ts'
import { hubOf } from '../../bench/pages-hub.ts'
import { furtherPages, otherVerbs, pageRows, verbRows } from '../../bench/pages-rows.ts'
import { drydock } from '../../cli/main.ts'
import { mockClient } from '../aws/mock-client.ts'

const queriesGoal = 3
/** A page of a hundred, one more that tells of the next, and a few records of a ring. */
const itemsGoal = 130
const hub = hubOf({ findings: 600, changes: 400, nodes: 400, hosts: 40 })
const dynamo = mockClient(DynamoDBClient)

beforeAll(() => {
  answerFrom(hub, dynamo)
  for (const [name, value] of Object.entries({
    DRYDOCK_TABLE: 'ledger',
    DRYDOCK_EVIDENCE_BUCKET: 'evidence',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }))
    vi.stubEnv(name, value)
})
afterAll(() => vi.unstubAllEnvs())

const wordsOf = (verb: Command): string[] => (verb.parent ? [...wordsOf(verb.parent), verb.name()] : [])
const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)

describe('10.3 no page and no verb reads a list whole', () => {
  it('every page has a row here, and every verb that reads lists', () => {
    const pages = consoleOf()
      .routes.filter(({ method }) => method === 'GET')
      .map(({ path }) => path)
    expect([...new Set(pages)].toSorted()).toEqual(Object.keys(pageRows).toSorted())
    const verbs = leavesOf(drydock()).map((verb) => wordsOf(verb).join(' '))
    expect(verbs.toSorted()).toEqual([...Object.keys(verbRows), ...Object.keys(otherVerbs)].toSorted())
  })

  it.each([...Object.values(pageRows), ...furtherPages])(
    '$name: $address',
    async ({ address, queriesMax, itemsMax, isFile }) => {
      const { status, queries, items, bytes, characters } = await askPage(consoleOf(), address, hub)
      expect(status).toBe(200)
      expect(queries).toBeLessThanOrEqual(queriesMax ?? queriesGoal)
      if (isFile) return
      expect(items).toBeLessThanOrEqual(itemsMax ?? itemsGoal)
      expect([bytes > 1_000_000, characters > 100_000], `${bytes} bytes read, ${characters} out`).toEqual([
        false,
        false,
      ])
    },
  )

  it.each(Object.values(verbRows))('drydock $name', async ({ words }) => {
    const { status, queries, items, bytes, characters } = await askVerb(words, hub)
    expect([0, 2]).toContain(status)
    expect(queries).toBeLessThanOrEqual(queriesGoal)
    expect(items).toBeLessThanOrEqual(itemsGoal)
    expect([bytes > 1_000_000, characters > 100_000], `${bytes} bytes read, ${characters} out`).toEqual([false, false])
  })
})
