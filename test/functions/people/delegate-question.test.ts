import { describe, expect, it } from 'vitest'
import { run } from '../../../functions/people/delegate-question.ts'
import { anySpotCheck, hourMs } from './spot-check.ts'

async function asked() {
  const world = await anySpotCheck()
  await world.followUp()
  return world
}

describe('2.1 run of delegate-question', () => {
  it('hands a question over and files by whom and to whom', async () => {
    const { ports, linkOf, question, leafOf } = await asked()
    expect(await run({ proof: linkOf('stella'), to: 'dora' }, ports)).toEqual({ kind: 'delegated', to: 'dora' })
    expect((await question())?.asked).toMatchObject([
      { personId: 'stella', delegatedTo: 'dora' },
      { personId: 'dora', delegatedBy: 'stella' },
    ])
    expect(leafOf('spot-check.delegated')).toMatchObject({ actor: 'stella', body: { to: 'dora' } })
  })

  it.each([
    ['nobody of the catalogue', 'nobody', 'unknown-delegate'],
    ['someone excluded', 'sven', 'excluded-delegate'],
    ['someone asked already', 'stella', 'asked-already'],
  ])('refuses %s, and files nothing', async (_, to, because) => {
    const { ports, linkOf, types } = await asked()
    const before = types()
    expect(await run({ proof: linkOf('stella'), to }, ports)).toEqual({ kind: 'refused', because })
    expect(types()).toEqual(before)
  })

  it('counts a wrong code as an answer does', async () => {
    const { ports, linkOf, question, types } = await asked()
    const proof = linkOf('stella', { code: 'ZZZZZZZZ' })
    expect(await run({ proof, to: 'dora' }, ports)).toEqual({ kind: 'refused', because: 'wrong-code' })
    expect([(await question())?.asked[0]?.wrongCodes, types().at(-1)]).toEqual([1, 'spot-check.refused'])
  })

  it('refuses a link that is none before it looks at anything else', async () => {
    const { ports, linkOf } = await asked()
    const proof = { ...linkOf('stella'), secret: 'other' }
    expect(await run({ proof, to: 'nobody' }, ports)).toEqual({ kind: 'refused', because: 'unknown-link' })
  })

  it('refuses after the deadline', async () => {
    const { ports, linkOf, clock } = await asked()
    clock.advance(24 * hourMs)
    expect(await run({ proof: linkOf('stella'), to: 'dora' }, ports)).toMatchObject({ because: 'deadline-passed' })
  })
})
