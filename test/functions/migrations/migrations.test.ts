import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { migrations } from '../../../functions/migrations/index.ts'
import { contentOf, isSame, type RawItem, throughAll } from '../../../functions/migrations/migration.ts'
import { ownerSchemas, recordKinds } from '../../../functions/migrations/schemas.ts'
import { recorded } from './recorded.ts'

const up = (item: RawItem) => throughAll(item, migrations, 'up')
const down = (item: RawItem) => throughAll(item, migrations, 'down')
const nameOf = ({ kind, key }: RawItem) => `${kind} ${key.pk} / ${key.sk}`
const old = recorded.map((item) => [nameOf(item), item] as const)

const ids = migrations.map(({ id }) => id)

describe('the migrations', () => {
  it('stand in order, each in the file of its id', () => {
    const files = readdirSync('functions/migrations').filter((file) => /^\d{3}-/.test(file))
    expect(migrations.map(({ id }) => `${id}.ts`)).toEqual(files.sort())
  })

  it.each(migrations.map((one) => [one.id, one] as const))(
    '%s says what it changes, in one sentence',
    (_, { says }) => {
      expect(says).toMatch(/^[A-Z].*\.$/)
    },
  )
})

describe('every kind of record that commit 2b610ab wrote', () => {
  it('is recorded', () => {
    const kinds = 'approval-link assessment asset ballot baseline blocked-patch catalogue change command evidence-head'
    const more =
      'feed finding finding-change finding-pull host-exposure lease open-change plan policy ring service-work'
    expect([...new Set(recorded.map(({ kind }) => kind))].sort()).toEqual(
      `${kinds} ${more} step stop validation`.split(' '),
    )
  })

  it.each(old)('%s goes up into what its room reads', (_, item) => {
    const after = up(item)
    expect(after.length).toBeGreaterThanOrEqual(1)
    for (const { kind, value } of after) expect(ownerSchemas(kind)?.safeParse(value).error?.message).toBeUndefined()
  })

  it.each(old)('%s comes down to the same bytes', (_, item) => {
    expect(up(item).flatMap(down).map(contentOf)).toEqual([contentOf(item)])
  })

  it.each(old)('%s is left alone by a step that it has been through already', (_, item) => {
    for (const { up, down } of migrations) {
      for (const after of up(item)) expect(isSame(after, up(after))).toBe(true)
      for (const before of down(item)) expect(isSame(before, down(before))).toBe(true)
    }
  })

  it('is touched by every step', () => {
    const touching = migrations.filter(({ up }) => recorded.some((item) => !isSame(item, up(item))))
    const onlyDown = ['004-drivers', '006-doubts']
    expect(touching.map(({ id }) => id)).toEqual(ids.filter((id) => !onlyDown.includes(id)))
  })
})

describe('004-drivers', () => {
  it.each([
    ['driver', { pk: 'CHANGE#C', sk: 'DRIVER' }],
    ['last-catalogue', { pk: 'CONTROL', sk: 'LAST-CATALOGUE' }],
  ])('drops the %s record on the way back, and leaves it on the way forward', (kind, key) => {
    const item: RawItem = { kind, key, version: 1, value: {} }
    expect([up(item), down(item)]).toEqual([[item], []])
  })
})

describe('006-doubts', () => {
  it('drops the doubt of a ring on the way back, and leaves it on the way forward', () => {
    const item: RawItem = {
      kind: 'ring',
      key: { pk: 'CHANGE#C', sk: 'RING#dev' },
      version: 1,
      value: { state: 'open' },
    }
    const doubting = { ...item, value: { state: 'open', doubtedSince: '2026-01-01T00:00:00.000Z' } }
    expect([up(doubting), down(doubting), down(item)]).toEqual([[doubting], [item], [item]])
  })
})

describe('the kinds that have an owner', () => {
  it('are named once each', () => {
    const kinds = recordKinds.map(({ kind }) => kind)
    expect(kinds).toEqual([...new Set(kinds)])
  })
})
