import { createHash, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSignedBy, sha256 } from '../../../functions/aws/node-crypto.ts'
import { fromBase64, toBase64, utf8 } from '../../../functions/evidence/bytes.ts'
import { formatVerifierKey, keyIdOf, parseKeyFile, spkiOf, type VerifierKey } from '../../../functions/evidence/keys.ts'
import {
  checkKept,
  checkpointText,
  checkSignatures,
  formatNote,
  parseCheckpoint,
} from '../../../functions/evidence/note.ts'
import { localSigner } from '../../../simulator/ports/signer.ts'

const checks = { sha256, verifySignature: isSignedBy }
const root = sha256(utf8('root'))

async function anyNote(seed = 'key', origin = 'drydock.test/log') {
  const signer = localSigner(origin, seed)
  const text = checkpointText({ origin, size: 7, root: Uint8Array.from(root) })
  const key = { algorithm: 'Ed25519', publicKey: await signer.publicKey() } as const
  const keyId = keyIdOf(sha256, origin, key)
  const note = formatNote(text, [{ name: origin, keyId, signature: await signer.sign(utf8(text)) }])
  return { signer, note, keys: [{ name: origin, ...key }] }
}

describe('8.4 signed notes', () => {
  it('has the key id of the published example key of golang.org/x/mod/sumdb/note', () => {
    const published = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    const [key] = parseKeyFile(sha256, published) ?? []
    expect(key?.name).toBe('PeterNeumann')
    expect(key && formatVerifierKey(sha256, 'PeterNeumann', key)).toBe(published)
  })

  it('verifies the published example note of that key', () => {
    const [key] = parseKeyFile(sha256, 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW') ?? []
    const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    const signature = fromBase64(
      'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
    )
    expect(key && signature && isSignedBy(key, utf8(text), signature.subarray(4))).toBe(true)
  })

  it('reads back what it wrote, and the signature holds', async () => {
    const { note, keys } = await anyNote()
    const parsed = parseCheckpoint(utf8(note))
    expect(parsed).toMatchObject({ origin: 'drydock.test/log', size: 7, root: Uint8Array.from(root) })
    expect(parsed && checkSignatures(parsed, keys, checks)).toBe('good')
  })

  it("takes a witness's signature beside the log's and ignores it", async () => {
    const { note, keys } = await anyNote()
    const parsed = parseCheckpoint(utf8(`${note}\u2014 witness.example ${toBase64(new Uint8Array(72))}\n`))
    expect(parsed && checkSignatures(parsed, keys, checks)).toBe('good')
  })

  it("says wrong-key of another's note, of another name, and of no keys", async () => {
    const { note } = await anyNote()
    const parsed = parseCheckpoint(utf8(note))
    const other = await anyNote('other')
    const renamed = await anyNote('key', 'drydock.test/other')
    for (const keys of [other.keys, renamed.keys, []])
      expect(parsed && checkSignatures(parsed, keys, checks)).toBe('wrong-key')
  })

  it('says bad when the text was changed after signing', async () => {
    const { note, keys } = await anyNote()
    const parsed = parseCheckpoint(utf8(note.replace('\n7\n', '\n8\n')))
    expect(parsed && checkSignatures(parsed, keys, checks)).toBe('bad')
  })

  it.each([
    ['nothing', () => ''],
    ['no signature', (note: string) => note.slice(0, note.indexOf('\u2014'))],
    ['no last newline', (note: string) => note.slice(0, -1)],
    ['a size with a leading zero', (note: string) => note.replace('\n7\n', '\n07\n')],
    ['a negative size', (note: string) => note.replace('\n7\n', '\n-7\n')],
    ['a short root', (note: string) => note.replace(toBase64(root), toBase64(root.subarray(1)))],
    [
      'base64 with stray low bits',
      (note: string) => note.replace(/(.)=\n$/, (_, last) => `${String.fromCharCode(last.charCodeAt(0) + 1)}=\n`),
    ],
    ['no origin', (note: string) => `\n${note.slice(note.indexOf('\n') + 1)}`],
  ])('takes a note with %s for no checkpoint', async (_, change) => {
    const { note } = await anyNote()
    expect(parseCheckpoint(utf8(change(note)))).toBeUndefined()
  })

  it('takes bytes that are no UTF-8 for no checkpoint', () => {
    expect(parseCheckpoint(Uint8Array.of(0xff, 0xfe, 10, 10))).toBeUndefined()
  })
})

describe('8.8 a second signature by ML-DSA-65', () => {
  const origin = 'drydock.test/log'
  async function signedTwice(seed = 'key') {
    const signer = localSigner(origin, seed, true)
    const keys = parseKeyFile(sha256, await signer.verifierKey()) ?? []
    const text = checkpointText({ origin, size: 7, root: Uint8Array.from(root) })
    const signatures = await Promise.all(
      [signer, signer.postQuantum ?? signer].map(async (by, at) => ({
        name: origin,
        keyId: keyIdOf(sha256, origin, keys[at] ?? { algorithm: 'Ed25519', publicKey: root }),
        signature: await by.sign(utf8(text)),
      })),
    )
    return { keys, text, signatures }
  }
  const says = (text: string, signatures: Parameters<typeof formatNote>[1], keys: readonly VerifierKey[]) => {
    const parsed = parseCheckpoint(utf8(formatNote(text, signatures)))
    return parsed && { signed: checkSignatures(parsed, keys, checks), kept: checkKept(parsed, keys, checks) }
  }

  it('has a key id of the type 0xff and the name of the algorithm, for C2SP assigns it no byte', async () => {
    const { keys } = await signedTwice()
    const key = keys.find(({ algorithm }) => algorithm === 'ML-DSA-65')
    const typed = Buffer.concat([Buffer.from([0xff]), Buffer.from('ML-DSA-65'), key?.publicKey ?? root])
    const id = createHash('sha256').update(`${origin}\n`).update(typed).digest('hex').slice(0, 8)
    expect(key && formatVerifierKey(sha256, origin, key)).toBe(`${origin}+${id}+${typed.toString('base64')}`)
    expect(typed).toHaveLength(1 + 9 + 1_952)
  })

  it('is good by either key and by both', async () => {
    const { keys, text, signatures } = await signedTwice()
    expect(signatures[1]?.signature).toHaveLength(3_309)
    for (const given of [keys, keys.slice(0, 1), keys.slice(1)])
      expect(says(text, signatures, given)).toEqual({ signed: 'good', kept: 'good' })
  })

  it.each([0, 1])('cannot be left out when both keys are given: signature %i alone', async (at) => {
    const { keys, text, signatures } = await signedTwice()
    expect(says(text, signatures.slice(at, at + 1), keys)).toEqual({ signed: 'wrong-key', kept: 'good' })
  })

  it.each([0, 1])('is bad when signature %i does not hold', async (at) => {
    const { keys, text, signatures } = await signedTwice()
    signatures[at]?.signature.set([0, 1, 2, 3])
    expect(says(text, signatures, keys)).toEqual({ signed: 'bad', kept: 'bad' })
  })

  it('is wrong-key by another key of the same name', async () => {
    const [one, other] = [await signedTwice(), await signedTwice('other')]
    const mixed = [...one.signatures.slice(0, 1), ...other.signatures.slice(1)]
    expect(says(one.text, mixed, one.keys)).toEqual({ signed: 'wrong-key', kept: 'good' })
  })

  it('stands in a PEM file too', async () => {
    const { keys } = await signedTwice()
    const { name: _, ...key } = keys[1] ?? { algorithm: 'Ed25519' as const, publicKey: root }
    const pem = `-----BEGIN PUBLIC KEY-----\n${toBase64(spkiOf(key))}\n-----END PUBLIC KEY-----\n`
    expect(createPublicKey(pem).asymmetricKeyType).toBe('ml-dsa-65')
    expect(parseKeyFile(sha256, pem)).toEqual([{ ...key, publicKey: Uint8Array.from(key.publicKey) }])
  })
})

describe('8.8 key files', () => {
  it('holds verifier keys with comments, or one PEM key', async () => {
    const { signer, keys } = await anyNote()
    const vkey = await signer.verifierKey()
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), await signer.publicKey()])
    const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`
    expect(parseKeyFile(sha256, `# our log\n\n${vkey}\n`)).toEqual(keys)
    expect(parseKeyFile(sha256, pem)?.[0]?.publicKey).toEqual(keys[0]?.publicKey)
  })

  it.each([
    ['nothing', () => ''],
    ['a comment only', () => '# key\n'],
    ['a line that is no key beside one', (vkey: string) => `${vkey}\nx`],
    ['a key id of another key', (vkey: string) => vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['another algorithm', (vkey: string) => vkey.replace(/\+[^+]+$/, `+${toBase64(new Uint8Array(33).fill(2))}`)],
    ['an RSA PEM', () => '-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZI\n-----END PUBLIC KEY-----\n'],
  ])('holds no key: %s', async (_, change) => {
    const { signer } = await anyNote()
    expect(parseKeyFile(sha256, change(await signer.verifierKey()))).toBeUndefined()
  })
})
