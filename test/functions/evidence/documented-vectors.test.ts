import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { archive } from '../../../functions/evidence/archive.ts'
import { decodeBundle } from '../../../functions/evidence/bundle.ts'
import { toHex, utf8Text } from '../../../functions/evidence/bytes.ts'
import { parseKeyFile } from '../../../functions/evidence/keys.ts'
import { openLeaf } from '../../../functions/evidence/leaf.ts'
import { hashLeaf } from '../../../functions/evidence/merkle.ts'
import { checkpointPath, leafPrefix } from '../../../functions/evidence/tiles.ts'
import { verifyFiles } from '../../../functions/evidence/verify.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { anyArchive, anyRecord } from './any-log.ts'

const document = readFileSync(new URL('../../../docs/evidence.md', import.meta.url), 'utf8')
const documented = (name: string) => document.split(`\n\`\`\`${name}\n`)[1]?.split('```')[0]

const changeId = '01JD000000000000000000CHNG'
const made = {
  ...anyArchive([
    anyRecord(0, {
      leafId: '01JD0000000000000000000EV0',
      changeId,
      body: { planHash: 'ab'.repeat(32), note: 'größer' },
    }),
    anyRecord(1, {
      leafId: '01JD0000000000000000000EV1',
      type: 'change.closed',
      changeId,
      body: { rings: 3 },
      closes: true,
    }),
  ]),
  signer: localSigner('drydock.example/evidence', 'docs/evidence.md'),
}
await archive(made)
const bytesOf = (prefix: string) =>
  [...made.store.objects].find(([path]) => path.startsWith(prefix))?.[1] ?? new Uint8Array(0)

describe('8.4 the test vectors of docs/evidence.md', () => {
  const { entries } = decodeBundle(bytesOf('v1/tlog/tile/entries/'))

  it.each([
    ['vkey', async () => made.signer.verifierKey()],
    ['leaf', () => utf8Text(bytesOf(leafPrefix))],
    ['statement', () => utf8Text(openLeaf(bytesOf(leafPrefix))?.payload ?? new Uint8Array(0))],
    ['entries', () => entries.map(utf8Text).join('\n')],
    ['hashes', () => entries.map((entry) => toHex(hashLeaf(sha256, entry))).join('\n')],
  ])('are what the archiver writes: %s', async (name, written) => {
    expect(documented(name)).toBe(`${await written()}\n`)
  })

  it('are what the archiver writes: checkpoint', () => {
    expect(documented('checkpoint')).toBe(utf8Text(bytesOf(checkpointPath)))
  })

  it('verify', async () => {
    const keys = parseKeyFile(sha256, documented('vkey') ?? '') ?? []
    expect(await verifyFiles({ files: made.store, keys, sha256, verifySignature: isSignedBy })).toMatchObject({
      ok: true,
      size: 2,
    })
  })
})
