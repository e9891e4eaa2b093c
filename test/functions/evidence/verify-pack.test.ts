import { describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { utf8 } from '../../../functions/evidence/bytes.ts'
import { parseKeyFile } from '../../../functions/evidence/keys.ts'
import { manifestPath } from '../../../functions/evidence/manifest.ts'
import { checkpointPath } from '../../../functions/evidence/tiles.ts'
import { verifyPack } from '../../../functions/evidence/verify-pack.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'
import { changeRecords, filed, planPath } from './any-change.ts'
import { changeA, copyOf, logName, packOf } from './any-log.ts'

const scope = { kind: 'change', changeId: changeA } as const
const log = await filed()
const { target: pack } = await packOf({ ...log, scope })
type Store = ReturnType<typeof copyOf>
const noBytes = new Uint8Array(0)

async function verdictOf(store: Store, { seed = 'log key', known }: { seed?: string; known?: Uint8Array } = {}) {
  const keys = parseKeyFile(sha256, await localSigner(logName, seed).verifierKey()) ?? []
  const input = { files: store, keys, sha256, verifySignature: isSignedBy }
  const manifest = store.objects.get(manifestPath) ?? noBytes
  return verifyPack(manifest, known ? { ...input, knownCheckpoint: known } : input)
}
function tampered(edit: (store: Store) => void) {
  const copy = copyOf(pack)
  edit(copy)
  return verdictOf(copy)
}

describe('11.10 verifyPack', () => {
  it('finds nothing wrong in what was exported', async () => {
    expect(await verdictOf(pack)).toMatchObject({ ok: true, problems: [], leaves: 8, changes: 1, objects: 1, scope })
  })

  it.each<[string, (store: Store) => void, object]>([
    ['no checkpoint', (store) => store.objects.delete(checkpointPath), { kind: 'missing', leaf: checkpointPath }],
    [
      'a checkpoint that is none',
      (store) => store.objects.set(checkpointPath, utf8('x')),
      { kind: 'bad', leaf: checkpointPath },
    ],
    [
      'a manifest that is none',
      (store) => store.objects.set(manifestPath, utf8('{}')),
      { kind: 'bad', leaf: manifestPath },
    ],
  ])('proves nothing with %s, and says only that', async (_, edit, problem) => {
    expect(await tampered(edit)).toMatchObject({ ok: false, size: 0, leaves: 0, signedBy: [], problems: [problem] })
  })

  it.each<[string, (store: Store) => void, object]>([
    [
      'a file that a leaf names is missing',
      (store) => store.objects.delete(planPath),
      { kind: 'missing', leaf: planPath },
    ],
    [
      'a file that a leaf names is another',
      (store) => store.objects.set(planPath, utf8('{}')),
      { kind: 'bad', leaf: planPath },
    ],
    [
      'a file of the log stands there that nothing names',
      (store) => store.objects.set('v1/tlog/tile/0/000', noBytes),
      { kind: 'added', leaf: 'v1/tlog/tile/0/000' },
    ],
    [
      'an object stands there that no leaf names',
      (store) => store.objects.set(`v1/object/${'ab'.repeat(32)}.json`, utf8('{}')),
      { kind: 'added', leaf: `v1/object/${'ab'.repeat(32)}.json` },
    ],
  ])('says that %s', async (_, edit, problem) => {
    expect((await tampered(edit)).problems).toMatchObject([problem])
  })

  it('says whose signature is not there, and still looks at the rest', async () => {
    const { problems, leaves } = await verdictOf(pack, { seed: 'another key' })
    expect(problems[0]).toMatchObject({ kind: 'wrong-key', leaf: checkpointPath })
    expect(leaves).toBe(8)
  })

  it('names a version that no leaf stands for, though the leaves are numbered without a gap', async () => {
    const records = changeRecords().map((record, at) =>
      at === 6 ? { ...record, versions: [['CHANGE/CHANGE', 7, 8]] as const } : record,
    )
    const { target } = await packOf({ ...(await filed(records)), scope })
    const { problems } = await verdictOf(target)
    expect(problems).toMatchObject([{ kind: 'missing', leaf: 'version 3 of CHANGE/CHANGE' }])
  })

  it('asks for a proof from the checkpoint that was kept', async () => {
    const older = (await filed(changeRecords().slice(0, 9))).store.objects.get(checkpointPath) ?? noBytes
    const { problems } = await verdictOf(pack, { known: older })
    expect(problems).toMatchObject([{ kind: 'missing', leaf: 'consistency proof from 9' }])
    const led = await packOf({ ...log, scope, since: { size: 9 } })
    expect(await verdictOf(led.target, { known: older })).toMatchObject({ ok: true, knownSize: 9 })
  })
})
