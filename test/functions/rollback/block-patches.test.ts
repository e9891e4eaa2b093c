import { describe, expect, it } from 'vitest'
import { lists } from '../../../functions/kit/keys.ts'
import { transactionItemsMax } from '../../../functions/kit/ledger.ts'
import { BlockedPatchRecord } from '../../../functions/planning/blocked-patch.ts'
import { blocksAtOnceMax, run } from '../../../functions/rollback/block-patches.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

const at = '2026-01-01T00:00:00.000Z'
const anyPorts = () => ({
  ledger: memoryLedger(),
  clock: fixedClock(Date.parse(at)),
  ids: sequentialIds(),
  account: '1',
})
const packagesOf = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `p${index}`, version: '1' }))
const block = (packages: readonly { name: string; version: string }[], because = 'it hurt') => ({
  changeId: 'C1',
  packages: [...packages],
  because,
  at,
})

describe('7.6 run of block-patches', () => {
  it('blocks each version once, and says how many are new', async () => {
    const ports = anyPorts()
    expect(await run(block(packagesOf(2)), ports)).toBe(2)
    expect(await run(block(packagesOf(3)), ports)).toBe(1)
    expect(await run(block(packagesOf(3)), ports)).toBe(0)
    expect(ports.ledger.outbox().map(({ body }) => body)).toMatchObject([
      { packages: [{ name: 'p0' }, { name: 'p1' }] },
      { packages: [{ name: 'p2', version: '1' }] },
    ])
  })

  it('keeps the first reason', async () => {
    const ports = anyPorts()
    await run(block(packagesOf(1), 'first'), ports)
    await run(block(packagesOf(1), 'second'), ports)
    expect(
      (await ports.ledger.list(BlockedPatchRecord, lists.blockedPatches)).map(({ value }) => value.because),
    ).toEqual(['first'])
  })

  it('blocks one version and not the other of a package', async () => {
    const ports = anyPorts()
    await run(block(packagesOf(1)), ports)
    expect(await run(block([{ name: 'p0', version: '2' }]), ports)).toBe(1)
  })

  it('blocks more than one transaction holds in several', async () => {
    const ports = anyPorts()
    expect(await run(block(packagesOf(2 * blocksAtOnceMax + 1)), ports)).toBe(2 * blocksAtOnceMax + 1)
    expect(ports.ledger.outbox()).toHaveLength(3)
    expect(blocksAtOnceMax).toBeLessThan(transactionItemsMax)
  })
})
