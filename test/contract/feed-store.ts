/** What every feed store does, in memory and on S3 alike. */
import { expect, it } from 'vitest'
import type { FeedStore } from '../../functions/intel/ports.ts'

/** @param copy A copy that the store has not seen. */
export function feedStoreContract(makeStore: () => FeedStore, copy = 'v2026.06.15-2026-10-01-0123456789ab') {
  it('3.6 reads back what was written, to the byte', async () => {
    const store = makeStore()
    const text = '1111,0.5,0.9\n2222,0.25,0.5\nä€😀'
    await store.write('epss', copy, '2026', text)
    expect(await store.read('epss', copy, '2026')).toBe(text)
  })

  it('3.6 gives undefined for a shard, a copy and a feed that were never written', async () => {
    const store = makeStore()
    await store.write('epss', copy, '2025', 'x')
    expect(await store.read('epss', copy, '1999')).toBeUndefined()
    expect(await store.read('epss', `${copy}-other`, '2025')).toBeUndefined()
    expect(await store.read('kev', copy, '2025')).toBeUndefined()
  })

  it('3.6 writing the same shard again changes nothing', async () => {
    const store = makeStore()
    await store.write('kev', copy, 'all', 'CVE-2026-1111,2026-10-01,0,0,0')
    await store.write('kev', copy, 'all', 'CVE-2026-1111,2026-10-01,0,0,0')
    expect(await store.read('kev', copy, 'all')).toBe('CVE-2026-1111,2026-10-01,0,0,0')
  })

  it('3.6 keeps an empty shard apart from one that is not there', async () => {
    const store = makeStore()
    await store.write('kev', `${copy}-empty`, 'all', '')
    expect(await store.read('kev', `${copy}-empty`, 'all')).toBe('')
  })

  it('B22 a version with slashes, dots and spaces stays within its feed', async () => {
    const store = makeStore()
    const odd = `${copy}/../../kev/v 1`
    await store.write('epss', odd, '2026', 'odd')
    expect(await store.read('epss', odd, '2026')).toBe('odd')
    expect(await store.read('kev', 'v 1', '2026')).toBeUndefined()
  })
}
