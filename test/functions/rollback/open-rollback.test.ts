import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../../functions/kit/ledger.ts'
import { rollbackRing } from '../../../functions/rollback/open.ts'
import { run } from '../../../functions/rollback/open-rollback.ts'
import type { HostProgress } from '../../../functions/rollout/ring.ts'
import { ringMoves } from '../../../functions/rollout/ring-moves.ts'
import { readRing } from '../../../functions/rollout/ring-record.ts'
import { changeId, manyHosts } from './many-hosts.ts'

const sent: HostProgress = { step: 'rollback', state: 'sent', attempt: 1 }
const asked = { changeId, ring: 'production', reason: 'errors rose', taskToken: 'new' }
const name = rollbackRing('production')

/** A rollback in work, which its dispatcher moves between a read and a commit of the opening, as many times. */
async function contended(times: number) {
  const { memory, ports } = await manyHosts({ hosts: 2, services: 1, packages: 1, progress: sent })
  let left = times
  const commit: Ledger['commit'] = async (transaction) => {
    const read = left-- > 0 ? await readRing(changeId, name, memory) : undefined
    const by = { leafId: `0moved${left}`, at: '', type: 'test', account: '', changeId, actor: '', body: {} }
    if (read)
      await memory.commit({ moves: [...ringMoves(read, { ...read.value, sendsRefused: left }).moves], evidence: [by] })
    return memory.commit(transaction)
  }
  const ring = async () => (await readRing(changeId, name, memory))?.value
  const open = () => run(asked, { ...ports, ledger: { ...memory, commit } })
  return { open, ring, sent: ports.nudges.sent }
}

describe('I11 open-rollback beside the dispatcher of an earlier driver', () => {
  it('reads again when the dispatcher was first, and keeps what it wrote', async () => {
    const { open, ring, sent: nudges } = await contended(4)
    expect(await open()).toEqual({ outcome: 'opened' })
    expect(await ring()).toMatchObject({ taskToken: 'new', sendsRefused: 0, state: 'open' })
    expect(nudges).toMatchObject([{ stage: 'dispatch', message: { changeId, ring: 'production.rollback', sweep: 1 } }])
  })

  it('gives up at the fifth and wakes nobody', async () => {
    const { open, ring, sent: nudges } = await contended(5)
    await expect(open()).rejects.toMatchObject({ code: 'DD2002' })
    expect([(await ring())?.taskToken, nudges]).toEqual(['token', []])
  })
})
