import { describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { continuationOf } from '../../../functions/evidence/continuation.ts'
import { parseKeyFile } from '../../../functions/evidence/keys.ts'
import type { SignedCheckpoint } from '../../../functions/evidence/note.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import type { VerifyInput } from '../../../functions/evidence/verdict.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { anyLog, logName } from './any-log.ts'

const { store } = await anyLog([5])
const kept = store.objects.get(checkpointPath) ?? new Uint8Array(0)
async function inputOf(knownCheckpoint?: Uint8Array, seed = 'log key'): Promise<VerifyInput> {
  const keys = parseKeyFile(sha256, await localSigner(logName, seed).verifierKey()) ?? []
  return { files: store, keys, sha256, verifySignature: isSignedBy, ...(knownCheckpoint ? { knownCheckpoint } : {}) }
}
const led = () => undefined
const fault = { kind: 'forked', leaf: checkpointPath, detail: 'it does not' } as const

describe('I18 a checkpoint that was kept', () => {
  it('is asked nothing where there is none', async () => {
    expect(continuationOf(5, await inputOf(), () => fault)).toEqual({ problems: [] })
  })

  it('is continued by a log of its size or more that leads from it', async () => {
    const asked: SignedCheckpoint[] = []
    const seen = (known: SignedCheckpoint) => void asked.push(known)
    for (const size of [5, 9])
      expect(continuationOf(size, await inputOf(kept), (known) => seen(known) ?? undefined)).toEqual({
        ...{ knownSize: 5, problems: [] },
      })
    expect(asked.map(({ size }) => size)).toEqual([5, 5])
  })

  it('is not continued by a shorter log, whatever leads where', async () => {
    expect(continuationOf(4, await inputOf(kept), led)).toEqual({
      problems: [{ kind: 'rolled-back', leaf: checkpointPath, detail: 'it signs 4 leaves, the known one 5' }],
    })
  })

  it('is not continued where nothing leads from it, and its size is not claimed', async () => {
    expect(continuationOf(9, await inputOf(kept), () => fault)).toEqual({ problems: [fault] })
  })

  it.each<[string, Uint8Array, string]>([
    ['unreadable', Uint8Array.of(1), 'log key'],
    ['empty', new Uint8Array(0), 'log key'],
    ['signed by another', kept, 'another key'],
  ])('proves nothing where it is %s', async (_, known, seed) => {
    expect(continuationOf(9, await inputOf(known, seed), led)).toMatchObject({
      problems: [{ kind: 'wrong-key', leaf: 'known checkpoint' }],
    })
  })
})
