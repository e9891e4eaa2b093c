import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { madeOnce } from '../../tools/made-once.ts'

const anyPlace = () => join(mkdtempSync(join(tmpdir(), 'made-once-')), 'all', 'this')
const writing = (text: string) => async (directory: string) => writeFileSync(join(directory, 'file'), text)
const contentOf = (place: string) => readFileSync(join(place, 'file'), 'utf8')

describe('madeOnce', () => {
  it('makes it the first time and never again', async () => {
    const place = anyPlace()
    expect(contentOf(await madeOnce(place, writing('first')))).toBe('first')
    expect(contentOf(await madeOnce(place, writing('second')))).toBe('first')
  })

  it('leaves nothing behind where the making fails, and makes it the next time', async () => {
    const place = anyPlace()
    const failing = async (directory: string) => {
      await writing('half')(directory)
      throw new Error('in the middle')
    }
    await expect(madeOnce(place, failing)).rejects.toThrow('in the middle')
    expect(existsSync(place)).toBe(false)
    expect(readdirSync(join(place, '..'))).toEqual([])
    expect(contentOf(await madeOnce(place, writing('whole')))).toBe('whole')
  })

  it('gives both of two who make it at once the same whole directory', async () => {
    const place = anyPlace()
    const [one, other] = await Promise.all([madeOnce(place, writing('same')), madeOnce(place, writing('same'))])
    expect([one, other, contentOf(place)]).toEqual([place, place, 'same'])
    expect(readdirSync(join(place, '..'))).toEqual(['this'])
  })

  it('forgets what stands beside it and was made more than a day ago', async () => {
    const place = anyPlace()
    const [old, recent] = [join(place, '..', 'old'), join(place, '..', 'recent')]
    for (const one of [old, recent]) await madeOnce(one, writing('another'))
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000)
    utimesSync(old, twoDaysAgo, twoDaysAgo)
    await madeOnce(place, writing('this'))
    expect(readdirSync(join(place, '..')).toSorted()).toEqual(['recent', 'this'])
  })
})
