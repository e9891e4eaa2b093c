import { describe, expect, it } from 'vitest'
import type { ChangeState } from '../../../functions/changes/change.ts'
import { changesApp } from '../../../functions/console/changes.ts'
import { keys, lists } from '../../../functions/kit/keys.ts'
import { changeId } from '../approvals/any-approvals.ts'
import { anyChange } from '../changes/any-change.ts'
import { anyConsole, sessionOf } from './any-console.ts'

const id = (index: number) => `01J${String(index).padStart(23, '0')}`

/** The list of changes, with more of them, each of a service and a priority of its own. */
async function listOf(more: readonly (readonly [service: string, state: ChangeState, priority: number])[]) {
  const { ledger, put } = await anyConsole()
  for (const [index, [service, state, priority]] of more.entries()) {
    const change = anyChange({ changeId: id(index + 100), service, state, priority })
    await put('change', keys.change(change.changeId), 0, change, { pk: lists.changes, sk: `open#${change.changeId}` })
  }
  const text = await (await changesApp(ledger).request('/')).text()
  return { text, services: [...text.matchAll(/<strong>([a-z]+)<\/strong><\/a>/gu)].map(([, service]) => service) }
}

async function pageOf(to: object, env: object = {}) {
  const { ledger, setChange, setBallot } = await anyConsole()
  await setChange(to)
  const read = async () => (await changesApp(ledger).request(`/changes/${changeId}`, {}, env)).text()
  return { text: await read(), read, setBallot }
}

describe('10.3 the list of changes', () => {
  it('has the open ones first by priority, then those that ended', async () => {
    const { services, text } = await listOf([
      ['low', 'assessed', 1],
      ['done', 'closed', 99],
      ['high', 'in-progress', 98],
    ])
    expect(services).toEqual(['high', 'web', 'low', 'done'])
    expect(text).toContain('Open changes, most urgent first')
  })

  it('is in the order of time on a page of several, as the most urgent may stand on another', async () => {
    const many = Array.from({ length: 100 }, () => ['low', 'assessed', 1] as const)
    const { services, text } = await listOf([['high', 'assessed', 99], ...many])
    expect(services.slice(0, 2)).toEqual(['low', 'low'])
    expect(text).toContain('Open changes, newest first')
    expect(text).not.toContain('class="tally"')
  })
})

describe('10.3 the page of a change', () => {
  it.each([
    ['a link to the vote for someone who is signed in', sessionOf('olivia@example.com'), `/changes/${changeId}/vote`],
    ['the way by mail for anybody else', {}, 'Approvers vote with the link and the code in their mail'],
  ])('awaiting approval has %s', async (_, env, part) => {
    const { text } = await pageOf({}, env)
    expect(text).toContain('Missing: service-owner, security')
    expect(text).toContain(part)
  })

  it('asks for nobody’s vote once the ballot ended', async () => {
    const { read, setBallot } = await pageOf({})
    await setBallot({ outcome: 'expired' })
    expect(await read()).not.toContain('Missing:')
  })

  it.each([
    [
      'why it is held, and until when',
      { heldBecause: 'a freeze', heldUntil: '2026-01-09T00:00:00.000Z' },
      /a freeze Until .*2026-01-09 00:00:00 UTC/su,
    ],
    ['its outcome', { state: 'closed', outcome: 'proven on every host' }, /proven on every host/u],
    ['that triage comes first', { needsForensicTriage: true }, /Forensic triage is required/u],
    [
      'hosts that were given up',
      { quarantined: [{ hostId: 'i-00000009', reason: '<b>lost</b>' }] },
      /i-00000009.*&lt;b&gt;lost/su,
    ],
    ['that it has no plan yet', { planHash: undefined }, /not planned yet/u],
    ['that no ring started', {}, /No ring has started/u],
  ])('says %s', async (_, to, text) => {
    expect((await pageOf(to)).text).toMatch(text)
  })

  it('of an unknown change answers 404', async () => {
    const { ledger } = await anyConsole()
    expect((await changesApp(ledger).request('/changes/none')).status).toBe(404)
  })
})
