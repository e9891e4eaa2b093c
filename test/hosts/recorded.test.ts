import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hostCases, isCaseOf } from './cases.ts'
import { managers } from './contract.ts'

const place = new URL('recorded/', import.meta.url)
const titles = hostCases.map(({ id, title }) => ({ id, title }))

describe('5.1 what was recorded of real hosts', () => {
  it('names every case for the table of the docs', () => {
    const file = new URL('cases.json', place)
    if (process.env.DRYDOCK_RECORD === '1') writeFileSync(file, `${JSON.stringify(titles, null, 2)}\n`)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(titles)
  })

  it.each(managers)('has a result of %s for each of its cases, and none besides', (manager) => {
    const ids = hostCases.filter((one) => isCaseOf(one, manager)).map(({ id }) => `${id}.json`)
    expect(readdirSync(new URL(manager, place)).toSorted()).toEqual(ids.toSorted())
  })
})
