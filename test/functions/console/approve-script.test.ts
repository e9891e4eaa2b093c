import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { approveScript } from '../../../functions/console/approve-script.ts'
import { askOf, consoleUrl } from '../approvals/any-approvals.ts'
import { anyConsole } from './any-console.ts'

interface Element {
  textContent: string
  className: string
  hidden: boolean
  innerHTML: string
  disabled: boolean
  focus(): void
}
const element = (): Element => ({
  textContent: '',
  className: '',
  hidden: false,
  innerHTML: '',
  disabled: false,
  focus: () => undefined,
})

/** A browser as far as the script needs one: an address, three elements, a form, and fetch on the console itself. */
async function browser(hash: string, set: Awaited<ReturnType<typeof anyConsole>>) {
  const [answer, view, approve, reject] = [element(), element(), element(), element()]
  const typed = new Map([
    ['code', ''],
    ['comment', ''],
  ])
  const requests: { path: string; body: string }[] = []
  const addresses: string[] = []
  let submit: ((event: object) => void) | undefined
  let reloads = 0
  let onHash = () => undefined as unknown
  const form = {
    ...element(),
    elements: { code: { value: '', focus: () => undefined } },
    querySelectorAll: () => [approve, reject],
    addEventListener: (_: string, handler: (event: object) => void) => {
      submit = handler
    },
  }
  const location = { hash, pathname: '/approve', reload: () => void reloads++ }
  const byId = (id: string) => {
    if (id === 'answer') return answer
    if (id === 'view') return view
    return id === 'vote' && view.innerHTML.includes('id="vote"') ? form : null
  }
  const context = createContext({
    document: { getElementById: byId },
    location,
    history: { replaceState: (_: unknown, __: string, path: string) => void addresses.push(path) },
    addEventListener: (_: string, handler: () => unknown) => {
      onHash = () => handler()
    },
    FormData: class {
      get(name: string) {
        return typed.get(name)
      }
    },
    fetch: async (path: string, init: RequestInit) => {
      requests.push({ path, body: String(init.body) })
      return set.app.request(path, { ...init, headers: { ...init.headers, origin: consoleUrl } })
    },
  })
  const settled = async () => {
    for (let turns = 0; turns < 200; turns++) await new Promise((done) => setImmediate(done))
  }
  runInContext(approveScript, context)
  await settled()
  return {
    answer,
    view,
    form,
    requests,
    addresses,
    reloads: () => reloads,
    type: (code: string) => typed.set('code', code),
    press: async (value: string, times = 1) => {
      for (let count = 0; count < times; count++)
        if (!approve.disabled) submit?.({ preventDefault: () => undefined, submitter: { value } })
      await settled()
    },
    changeHash: (to: string) => {
      location.hash = to
      onHash()
    },
  }
}

async function opened() {
  const set = await anyConsole()
  const { linkId, secret, code } = askOf(set.mailer.sent, 'olivia')
  return { ...set, code, secret, page: await browser(`#${linkId}.${secret}`, set) }
}

describe('11.5 the script of the approval page', () => {
  it('F17 only looks when it is run, and takes the secret out of the address', async () => {
    const { page, ballot, leaves, secret } = await opened()
    expect(page.requests.map(({ path }) => path)).toEqual(['/approve/view'])
    expect(page.view.innerHTML).toContain('Rollback plan')
    expect(page.addresses).toEqual(['/approve'])
    expect(page.requests.every(({ path }) => !path.includes(secret))).toBe(true)
    expect((await ballot())?.answers).toEqual([])
    expect(leaves().at(-1)?.type).toBe('approval.mailed')
  })

  it('F18 a mail scanner that runs it and submits the form with whatever it has cannot vote', async () => {
    const { page, ballot, changeNow, secret } = await opened()
    const words = [
      '',
      'test',
      secret.slice(0, 8),
      secret,
      ...page.view.innerHTML.split(/[^\w-]+/).filter(({ length }) => length === 8),
    ]
    for (const word of words.slice(0, 12)) {
      page.type(word)
      await page.press('approve')
      await page.press('reject')
    }
    expect((await ballot())?.answers).toEqual([])
    expect((await changeNow())?.state).toBe('awaiting-approval')
    expect((await ballot())?.asked[0]?.lockedAt).toBeDefined()
    expect(page.answer.textContent).toContain('locked')
  })

  it('F18 the code itself is nowhere on the page', async () => {
    const { page, code } = await opened()
    expect(page.view.innerHTML.toUpperCase()).not.toContain(code.slice(0, 4))
  })

  it('F15 votes with the code, once, however often the button is pressed', async () => {
    const { page, ballot, code, leaves } = await opened()
    page.type(code)
    await page.press('approve', 3)
    expect((await ballot())?.answers).toMatchObject([{ personId: 'olivia', choice: 'approve' }])
    expect(leaves().filter(({ type }) => type === 'approval.cast')).toHaveLength(1)
    expect(page.requests.filter(({ path }) => path === '/approve/decide')).toHaveLength(1)
    expect([page.answer.textContent, page.form.hidden]).toEqual([expect.stringContaining('is recorded'), true])
  })

  it('shows the vote where the form was once it is cast', async () => {
    const { page, code } = await opened()
    page.type(code)
    await page.press('approve')
    expect(page.requests.map(({ path }) => path)).toEqual(['/approve/view', '/approve/decide', '/approve/view'])
    expect(page.view.innerHTML).toContain('You voted approve')
    expect(page.view.innerHTML).not.toContain('id="vote"')
    expect(page.answer.textContent).toContain('is recorded')
  })

  it('lets a person try again after a wrong code', async () => {
    const { page, ballot, code } = await opened()
    page.type('AAAA-AAAA')
    await page.press('reject')
    expect([page.answer.className, page.form.hidden]).toEqual(['answer bad', false])
    page.type(code)
    await page.press('reject')
    expect((await ballot())?.outcome).toBe('rejected')
  })

  it('votes nothing when a form is submitted by neither button', async () => {
    const { page, ballot, code } = await opened()
    page.type(code)
    await page.press('')
    expect((await ballot())?.answers).toEqual([])
  })

  it.each(['', '#main', '#vote'])(
    'asks for the link where the address has none (%j), and sends nothing',
    async (hash) => {
      const page = await browser(hash, await anyConsole())
      expect([page.answer.textContent, page.requests]).toEqual(['Open this page by the link in your mail.', []])
    },
  )

  it.each(['#01J', '#01J00000000000000000000099.', '#.', '#<img src=x>.y', '#__proto__.x'])(
    'B23 tells of a link cut short as one that is not known (%j)',
    async (hash) => {
      const page = await browser(hash, await anyConsole())
      expect(page.answer.textContent).toMatch(/not known|Open this page/)
      expect(page.view.innerHTML).toBe('')
    },
  )

  it('loads itself again for another link in the same tab, and not for a jump on the page', async () => {
    const { page } = await opened()
    page.changeHash('#vote')
    expect(page.reloads()).toBe(0)
    page.changeHash('#01J00000000000000000000099.secret')
    expect(page.reloads()).toBe(1)
  })

  it('says so when the console does not answer, and keeps the form', async () => {
    const { page, app, code } = await opened()
    app.request = async () => Promise.reject(new Error('offline'))
    page.type(code)
    await page.press('approve')
    expect([page.answer.textContent, page.form.hidden]).toEqual([expect.stringContaining('did not answer'), false])
  })
})
