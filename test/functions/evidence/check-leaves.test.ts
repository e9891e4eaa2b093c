import { describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import { checkLeaves } from '../../../functions/evidence/check-leaves.ts'
import { parseKeyFile } from '../../../functions/evidence/keys.ts'
import { readLog } from '../../../functions/evidence/read-log.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { anyLog, changeA, changeB, copyOf, logName } from './any-log.ts'

type Checks = Parameters<typeof checkLeaves>[1]

/** A log of five leaves to tamper with; leaves 0 and 3 are of change A. */
async function anyFive() {
  const { store } = await anyLog([5])
  const files = copyOf(store)
  const leafPaths = (await readLog(files, 5, sha256)).leafPaths.toSorted()
  const at = (index: number) => leafPaths.find((path) => path.includes(`/01J${String(index).padStart(23, '0')}-`)) ?? ''
  const keys = parseKeyFile(sha256, await localSigner(logName, 'log key').verifierKey()) ?? []
  const check = async (checks: Partial<Checks> = {}) =>
    checkLeaves(await readLog(files, 5, sha256), {
      files,
      keys,
      origin: logName,
      sha256,
      verifySignature: isSignedBy,
      scope: { kind: 'log' },
      isEntryTrusted: true,
      isSignatureChecked: false,
      ...checks,
    })
  return { files, at, check }
}

describe('8.8 the leaves of a log', () => {
  it('are all there, each as its entry says', async () => {
    const { check } = await anyFive()
    expect(await check()).toEqual({ inScope: [], problems: [], added: [], checked: 5, changes: 2 })
  })

  it('have the same verdict where each must prove itself alone', async () => {
    const { check } = await anyFive()
    expect(await check({ isSignatureChecked: true })).toMatchObject({ problems: [], added: [], checked: 5, changes: 2 })
  })

  it('are missing where an entry names one that is gone', async () => {
    const { files, at, check } = await anyFive()
    files.objects.delete(at(1))
    expect(await check()).toMatchObject({
      problems: [{ kind: 'missing', leaf: at(1), detail: 'entry 1 of the log', index: 1 }],
      checked: 4,
    })
  })

  it('are bad with other bytes', async () => {
    const { files, at, check } = await anyFive()
    const bytes = utf8('{"forged":true}')
    files.objects.set(at(2), bytes)
    const { problems } = await check()
    expect(problems).toMatchObject([{ kind: 'bad', leaf: at(2), index: 2 }])
    expect(problems[0]?.detail).toMatch(new RegExp(`^SHA-256 is ${toHex(sha256(bytes))}, the log says`, 'u'))
  })

  it('are reordered where they have the bytes of another leaf', async () => {
    const { files, at, check } = await anyFive()
    const other = files.objects.get(at(4)) ?? new Uint8Array(0)
    files.objects.set(at(1), other)
    expect(await check()).toMatchObject({ problems: [{ kind: 'reordered', leaf: at(1), index: 1 }] })
  })

  it('are added where no entry names them', async () => {
    const { files, at, check } = await anyFive()
    const path = at(0).replace('01J0', '01K0')
    files.objects.set(path, files.objects.get(at(0)) ?? new Uint8Array(0))
    expect(await check()).toMatchObject({
      problems: [],
      added: [{ kind: 'added', leaf: path, detail: 'no entry of the log names it' }],
      checked: 5,
    })
  })

  it('prove nothing by another key', async () => {
    const { check } = await anyFive()
    const keys = parseKeyFile(sha256, await localSigner(logName, 'other key').verifierKey()) ?? []
    const { problems } = await check({ keys, isSignatureChecked: true })
    expect(problems.map(({ kind, index }) => [kind, index])).toEqual(
      [0, 1, 2, 3, 4].map((index) => ['wrong-key', index]),
    )
  })

  it('are asked for all at once where the source can, with the same verdict', async () => {
    const { files, at, check } = await anyFive()
    const asked: number[] = []
    const digests = async (paths: readonly (string | undefined)[]) => {
      asked.push(paths.length)
      return paths.map((path) =>
        path === at(3) ? undefined : toHex(sha256(files.objects.get(path ?? '') ?? new Uint8Array(0))),
      )
    }
    const { problems } = await check({ files: { ...files, digests } })
    expect(asked).toEqual([5])
    expect(problems).toMatchObject([{ kind: 'missing', leaf: at(3) }])
  })
})

describe('8.8 the leaves of one change', () => {
  it.each([
    [changeA, [0, 3]],
    [changeB, [1, 2, 4]],
  ])('%s: those of its own, with their places', async (changeId, places) => {
    const { check } = await anyFive()
    const { inScope, changes, checked } = await check({ scope: { kind: 'change', changeId } })
    expect([inScope.map(({ index }) => index), changes]).toEqual([places, 1])
    expect(checked).toBe(5)
  })

  it('are missing only where they are its own: an export has no others', async () => {
    const { files, at, check } = await anyFive()
    for (const index of [1, 2, 4]) files.objects.delete(at(index))
    const scope = { kind: 'change', changeId: changeA } as const
    expect((await check({ scope })).problems).toEqual([])
    files.objects.delete(at(3))
    expect((await check({ scope })).problems).toMatchObject([{ kind: 'missing', leaf: at(3), index: 3 }])
  })
})

describe('8.8 entries that do not lead to the signed root', () => {
  const bundlePath = 'v1/tlog/tile/entries/000.p/5'

  it('count only where their tile confirms them, one by one', async () => {
    const { files, check } = await anyFive()
    const bytes = new Uint8Array(files.objects.get(bundlePath) ?? [])
    bytes[20] = (bytes[20] ?? 0) ^ 1
    files.objects.set(bundlePath, bytes)
    const { problems, added, checked } = await check({ isEntryTrusted: false })
    expect([problems, checked]).toEqual([[], 4])
    expect(added).toHaveLength(1)
  })

  it('all count where the tile is missing', async () => {
    const { files, check } = await anyFive()
    files.objects.delete('v1/tlog/tile/0/000.p/5')
    expect(await check({ isEntryTrusted: false })).toMatchObject({ problems: [], added: [], checked: 5 })
  })
})
