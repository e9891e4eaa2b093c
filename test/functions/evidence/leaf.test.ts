import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { utf8, utf8Text } from '../../../functions/evidence/bytes.ts'
import { keyIdOf } from '../../../functions/evidence/keys.ts'
import {
  changeInPath,
  checkLeaf,
  isLeafPath,
  leafPath,
  openLeaf,
  preAuthenticationEncoding,
  sealLeaf,
} from '../../../functions/evidence/leaf.ts'
import { canonicalJson } from '../../../functions/kit/json.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { anyRecord, changeA, logName } from './any-log.ts'

async function anyLeaf(record = anyRecord(3), seed = 'log key') {
  const signer = localSigner(logName, seed)
  const key = { algorithm: 'Ed25519', publicKey: await signer.publicKey() } as const
  const bytes = await sealLeaf(record, {
    sha256,
    keyId: `${logName}+${keyIdOf(sha256, logName, key)}`,
    sign: (message) => signer.sign(message),
  })
  return {
    bytes,
    checks: { keys: [{ name: logName, ...key }], origin: logName, sha256, verifySignature: isSignedBy },
  }
}

describe('8.4 leaves', () => {
  it('encodes for signing as DSSE says', () => {
    expect(utf8Text(preAuthenticationEncoding(utf8('{"a":"ü"}')))).toBe(
      'DSSEv1 28 application/vnd.in-toto+json 10 {"a":"ü"}',
    )
  })

  it('states the record by digest and carries it beside the statement', async () => {
    const record = anyRecord(3, { body: { text: 'a ","signatures":[ b ,"record": c' } })
    const { bytes } = await anyLeaf(record)
    const leaf = openLeaf(bytes)
    expect(leaf && utf8Text(leaf.record)).toBe(canonicalJson(record))
    const statement = JSON.parse((leaf && utf8Text(leaf.payload)) ?? '')
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://drydock.dev/evidence/change.planned/v1',
      predicate: { leafId: record.leafId, path: leafPath(record) },
    })
    expect(statement.subject).toEqual([
      {
        name: `change/${changeA}`,
        digest: { sha256: createHash('sha256').update(canonicalJson(record)).digest('hex') },
      },
    ])
  })

  it('names itself where there is no change', async () => {
    const record = anyRecord(1, { changeId: 'none' })
    const leaf = openLeaf((await anyLeaf(record)).bytes)
    expect(JSON.parse((leaf && utf8Text(leaf.payload)) ?? '').subject[0].name).toBe(`leaf/${record.leafId}`)
    expect([isLeafPath(leafPath(record)), changeInPath(leafPath(record))]).toEqual([true, 'none'])
  })

  it('proves itself alone, at its own path only', async () => {
    const { bytes, checks } = await anyLeaf()
    expect(checkLeaf(bytes, leafPath(anyRecord(3)), checks)).toBe('good')
    expect(checkLeaf(bytes, leafPath(anyRecord(4)), checks)).toBe('bad')
  })

  it('B44 is bad with another record, wrong-key with another signature', async () => {
    const { bytes, checks } = await anyLeaf()
    const path = leafPath(anyRecord(3))
    expect(checkLeaf(utf8((utf8Text(bytes) ?? '').replace('transition 3', 'transition 4')), path, checks)).toBe('bad')
    const other = await anyLeaf(anyRecord(3), 'other')
    expect(checkLeaf(other.bytes, path, checks)).toBe('wrong-key')
    expect(checkLeaf(utf8('{}'), path, checks)).toBe('bad')
    expect(checkLeaf(new Uint8Array(0), path, checks)).toBe('bad')
  })
})
