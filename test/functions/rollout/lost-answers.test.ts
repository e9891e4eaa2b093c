import { describe, expect, it } from 'vitest'
import { hostIdOf, simulate } from './simulation.ts'

const base = { hosts: 3, unavailableMax: 1, failureBudget: 0, faults: [], seed: 1 }

/** How often a document was sent to a host. */
function sentTwice({ fleet }: Awaited<ReturnType<typeof simulate>>): readonly string[] {
  const sent = [...fleet.commands.values()].flatMap(({ documentName, invocations }) =>
    invocations.map(({ hostId }) => `${documentName} ${hostId}`),
  )
  return sent.filter((one, index) => sent.indexOf(one) !== index)
}

describe('I1 I2 F9 a command that SSM took though its answer was lost', () => {
  it.each(['precheck', 'install', 'reboot', 'verify'] as const)(
    'is sent once, and its hosts count as down meanwhile, at %s',
    async (losesAnswerOf) => {
      const run = await simulate({ ...base, losesAnswerOf })
      expect(run.ring.state).toBe('succeeded')
      expect(sentTwice(run)).toEqual([])
      expect(run.mostBusy).toBe(1)
    },
  )

  it('is known by its event, without a search', async () => {
    const run = await simulate({ ...base, losesAnswerOf: 'install', isByEvents: true })
    expect(run.ring.state).toBe('succeeded')
    expect(sentTwice(run)).toEqual([])
  })

  it('I10 leaves no host that took the patch among the untouched ones of a ring that halts', async () => {
    const faults = [0, 1].map(
      (host) => ({ fault: 'permanent-failure', hostId: hostIdOf(host), step: 'install' }) as const,
    )
    const { ring, fleet } = await simulate({ ...base, losesAnswerOf: 'install', faults })
    const patched = [...fleet.nodes.values()]
      .filter(({ packages }) => packages.snapd === '2')
      .map(({ hostId }) => hostId)
    expect(ring.state).toBe('halted')
    for (const hostId of patched) expect(ring.hosts[hostId]?.state).not.toBe('waiting')
    expect(Object.values(ring.hosts).filter(({ state }) => state === 'sent')).toEqual([])
  })
})
