import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { liveScript } from '../../../functions/console/live-script.ts'

/** A browser as far as the script needs one; `answer` is what the console answers next, undefined: nothing. */
function browser(answer: () => { ok: boolean; live: string | undefined } | undefined) {
  const live = { innerHTML: 'one of two' }
  const document = { hidden: false, getElementById: () => live }
  let look: () => void = () => undefined
  let everyMs = 0
  const seen = { fetched: [] as string[], reloads: 0, written: 0 }
  const element = new Proxy(live, {
    set(target, name, value) {
      seen.written++
      return Reflect.set(target, name, value)
    },
  })
  document.getElementById = () => element
  const location = { href: 'https://console.example/changes/1/rollout', reload: () => void seen.reloads++ }
  const context = createContext({
    document,
    location,
    fetch: async (address: string) => {
      seen.fetched.push(address)
      const given = answer()
      if (!given) throw new TypeError('offline')
      return { ok: given.ok, text: async () => given.live ?? '' }
    },
    DOMParser: class {
      parseFromString(text: string) {
        return { getElementById: () => (text === '' ? null : { innerHTML: text }) }
      }
    },
    setInterval: (run: () => void, ms: number) => {
      look = run
      everyMs = ms
    },
  })
  runInContext(liveScript(5), context)
  const tick = async () => {
    look()
    for (let turns = 0; turns < 10; turns++) await new Promise((done) => setImmediate(done))
  }
  return { live, document, seen, tick, everyMs: () => everyMs }
}

describe('10.3 the script of the live rollout', () => {
  it('puts in place what moved, every five seconds, and touches nothing when nothing did', async () => {
    const page = browser(() => ({ ok: true, live: 'two of two' }))
    expect(page.everyMs()).toBe(5_000)
    await page.tick()
    await page.tick()
    expect([page.live.innerHTML, page.seen.written]).toEqual(['two of two', 1])
    expect(page.seen.fetched).toEqual(Array(2).fill('https://console.example/changes/1/rollout'))
  })

  it('asks nothing while nobody looks', async () => {
    const page = browser(() => ({ ok: true, live: 'two of two' }))
    page.document.hidden = true
    await page.tick()
    expect(page.seen.fetched).toEqual([])
  })

  it('loads the page once more when the rollout is over', async () => {
    const page = browser(() => ({ ok: true, live: undefined }))
    await page.tick()
    expect(page.seen.reloads).toBe(1)
  })

  it.each([['offline', undefined] as const, ['a fault', { ok: false, live: 'x' }] as const])(
    'keeps the picture on %s',
    async (_, answer) => {
      const page = browser(() => answer)
      await page.tick()
      expect([page.live.innerHTML, page.seen.reloads]).toEqual(['one of two', 0])
    },
  )
})
