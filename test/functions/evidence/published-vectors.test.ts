import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { toBase64, utf8 } from '../../../functions/evidence/bytes.ts'
import { parseCheckpoint } from '../../../functions/evidence/note.ts'
import { isConsistent, isIncluded } from '../../../functions/evidence/proofs.ts'

interface Inclusion {
  readonly file: string
  readonly leafIdx: number
  readonly treeSize: number
  readonly root: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}
interface Consistency {
  readonly file: string
  readonly size1: number
  readonly size2: number
  readonly root1: string
  readonly root2: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

/** github.com/transparency-dev/merkle: what the Go implementation behind public logs is tested with; see test/fixtures/SOURCES.md. */
const { inclusion, consistency }: { inclusion: readonly Inclusion[]; consistency: readonly Consistency[] } = JSON.parse(
  readFileSync(new URL('../../fixtures/merkle/transparency-dev.json', import.meta.url), 'utf8'),
)
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('8.8 the published proofs of transparency-dev/merkle', () => {
  it('are all there, sound and unsound ones', () => {
    const counted = [inclusion, consistency].map((vectors) => [
      vectors.length,
      vectors.filter((v) => !v.wantErr).length,
    ])
    expect(counted).toEqual([
      [98, 6],
      [98, 6],
    ])
  })

  it.each(inclusion)('inclusion: $file', ({ leafIdx, treeSize, root, leafHash, proof, wantErr }) => {
    const claim = { index: leafIdx, size: treeSize, leafHash: bytes(leafHash), root: bytes(root) }
    expect(isIncluded(sha256, { ...claim, proof: (proof ?? []).map(bytes) })).toBe(!wantErr)
  })

  it.each(consistency)('consistency: $file', ({ size1, size2, root1, root2, proof, wantErr }) => {
    const claim = { oldSize: size1, oldRoot: bytes(root1), size: size2, root: bytes(root2) }
    expect(isConsistent(sha256, { ...claim, proof: (proof ?? []).map(bytes) })).toBe(!wantErr)
  })
})

describe('8.4 the published notes of C2SP', () => {
  const body = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
  const log =
    '\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'
  const witness =
    '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n'

  it.each([
    ['c2sp.org/tlog-checkpoint', `${body}\n${log}`, [64]],
    ['c2sp.org/tlog-cosignature', `${body}\n${log}${witness}`, [64, 72]],
  ])('%s', (_, note, lengths) => {
    const parsed = parseCheckpoint(utf8(note))
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, text: utf8(body) })
    expect(parsed && toBase64(parsed.root)).toBe('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=')
    expect(parsed?.signatures.map(({ signature }) => signature.length)).toEqual(lengths)
    expect(parsed?.signatures[0]?.keyId).toBe('033de0ae')
  })

  it('c2sp.org/signed-note: a signed note that is no checkpoint', () => {
    const poem =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n'
    expect(parseCheckpoint(utf8(poem))).toBeUndefined()
  })
})
