import { describe, expect, it } from 'vitest'
import { isCatalogueNew, noteCatalogue } from '../../../functions/driver/last-catalogue.ts'
import { memoryLedger } from '../../../simulator/ports/ledger.ts'
import { fixedClock, sequentialIds } from '../../../simulator/ports/time.ts'

const anyPorts = () => ({ ledger: memoryLedger(), clock: fixedClock(0), ids: sequentialIds(), account: '1' })
const version = (number: number) => ({ key: { pk: 'CATALOGUE', sk: 'CATALOGUE' }, version: number, value: {} })

describe('11.2 isCatalogueNew', () => {
  it('is new where none was noted, and where another was', async () => {
    const ports = anyPorts()
    expect(await isCatalogueNew(version(1), ports.ledger)).toBe(true)
    await noteCatalogue(version(1), ports)
    expect(await isCatalogueNew(version(1), ports.ledger)).toBe(false)
    expect(await isCatalogueNew(version(2), ports.ledger)).toBe(true)
  })

  it('is not new where there is none', async () => {
    expect(await isCatalogueNew(undefined, anyPorts().ledger)).toBe(false)
  })
})

describe('11.2 noteCatalogue', () => {
  it('files each version once, and nothing without a catalogue', async () => {
    const ports = anyPorts()
    for (const number of [1, 1, 2]) await noteCatalogue(version(number), ports)
    await noteCatalogue(undefined, ports)
    expect(ports.ledger.outbox().map(({ type, body }) => [type, body])).toEqual([
      ['driver.catalogue-noted', { version: 1 }],
      ['driver.catalogue-noted', { version: 2 }],
    ])
  })
})
