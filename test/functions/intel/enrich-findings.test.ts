import { beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../../functions/intel/enrich-findings.ts'
import { storedIntel } from '../../../functions/intel/lookup.ts'
import { FeedRecord } from '../../../functions/intel/refresh.ts'
import { keys } from '../../../functions/kit/keys.ts'
import { anyFinding } from '../finding/any-finding.ts'
import { anyCveRecord, recordFindings, refreshPorts } from './any-feeds.ts'

let ports = refreshPorts()
beforeEach(() => {
  ports = refreshPorts()
})

const id = (digit: number) => `F${String(digit).repeat(25)}`
const cveOf = (digit: number) => `CVE-2026-${String(digit).repeat(4)}`
const addressOf = (digit: number) => `vulnrichment/2026/${digit}xxx/${cveOf(digit)}.json`
const values = { Exploitation: 'active', Automatable: 'yes', 'Technical Impact': 'total' }
const judged = (digit: number) => ports.answers.set(addressOf(digit), anyCveRecord(cveOf(digit), values))
const arrive = (digits: readonly number[], over = {}) =>
  recordFindings(
    ports.ledger,
    digits.map((digit) => anyFinding({ findingId: id(digit), vulnerabilityId: cveOf(digit), ...over })),
  )
const enrich = (...digits: readonly number[]) =>
  run(
    digits.map((digit) => ({ findingId: id(digit) })),
    ports,
  )
const woken = () => [...new Set(ports.nudges.sent.map(({ message }) => message.findingId))]
const lookup = (digit: number) => storedIntel(ports.ledger, ports.store).lookup(cveOf(digit))
const feed = async () => (await ports.ledger.read(FeedRecord, keys.feed('vulnrichment')))?.value

describe('3.6 enrichFindings', () => {
  it('asks about the CVEs of new findings only, stores what it learns, and has them assessed again', async () => {
    await arrive([1, 2, 3])
    judged(1)
    judged(3)
    expect(await enrich(1, 2)).toEqual({ asked: 2, woken: 1 })
    expect(ports.source.asked.toSorted()).toEqual([addressOf(1), addressOf(2)])
    expect((await lookup(1)).vulnrichment).toEqual({
      exploitation: 'active',
      automatable: 'yes',
      technicalImpact: 'total',
    })
    expect(woken()).toEqual([id(1)])
  })

  it('F1 delivered again it fetches nothing and writes nothing', async () => {
    await arrive([1, 2])
    judged(1)
    await enrich(1, 2)
    const leaves = ports.ledger.outbox().length
    expect(await enrich(1, 2)).toEqual({ asked: 0, woken: 1 })
    expect(ports.source.asked).toHaveLength(2)
    expect(ports.ledger.outbox()).toHaveLength(leaves)
  })

  it('a second finding of a CVE that is known is assessed again without a fetch: it may have missed the copy', async () => {
    await arrive([1])
    judged(1)
    await enrich(1)
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(7), vulnerabilityId: cveOf(1) })])
    ports.nudges.sent.length = 0
    expect(await enrich(7)).toEqual({ asked: 0, woken: 1 })
    expect(woken()).toEqual([id(7)])
  })

  it('wakes older findings of the same CVE as well', async () => {
    await arrive([1])
    await recordFindings(ports.ledger, [anyFinding({ findingId: id(7), vulnerabilityId: cveOf(1) })])
    judged(1)
    await enrich(1)
    expect(woken()).toEqual([id(1), id(7)])
  })

  it('I20 keeps what is known of the others, and does not count as a confirmation of them', async () => {
    await arrive([1])
    judged(1)
    await enrich(1)
    const before = await feed()
    ports.clock.advance(3_600_000)
    await arrive([2])
    judged(2)
    await enrich(2)
    expect((await lookup(1)).vulnrichment).toBeDefined()
    expect((await lookup(2)).vulnrichment).toBeDefined()
    expect((await feed())?.checkedAt).toBe(before?.checkedAt)
    expect((await feed())?.copy).not.toBe(before?.copy)
  })

  it.each([
    ['the source is down', 'down'],
    ['it answers an error', 500],
    ['it answers something else', '<html>'],
  ])('F20 when %s, what is known stays, the failure is counted, and the message comes again', async (_, answer) => {
    await arrive([1, 2])
    judged(1)
    await enrich(1)
    const good = await lookup(1)
    ports.answers.set(addressOf(2), answer)
    await expect(enrich(2)).rejects.toMatchObject({ code: 'DD1204' })
    expect(ports.counted).toEqual(['FeedRefreshFailed'])
    expect((await lookup(1)).vulnrichment).toEqual(good.vulnrichment)
    judged(2)
    expect(await enrich(2)).toEqual({ asked: 1, woken: 1 })
  })

  it('stores what it could ask of a batch, and asks again for the rest only', async () => {
    await arrive([1, 2])
    judged(1)
    ports.answers.set(addressOf(2), 500)
    await expect(enrich(1, 2)).rejects.toMatchObject({ code: 'DD1204' })
    expect(woken()).toEqual([id(1)])
    ports.source.asked.length = 0
    await expect(enrich(1, 2)).rejects.toMatchObject({ code: 'DD1204' })
    expect(ports.source.asked).toEqual([addressOf(2)])
  })

  it.each([
    ['closed', { status: 'closed' }],
    ['without a CVE', { vulnerabilityId: 'GHSA-aaaa-bbbb-cccc' }],
  ] as const)('asks nothing about a finding that is %s', async (_, over) => {
    await arrive([1], over)
    expect(await enrich(1)).toEqual({ asked: 0, woken: 0 })
    expect(ports.source.asked).toEqual([])
  })
})
