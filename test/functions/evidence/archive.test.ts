import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../functions/aws/node-crypto.ts'
import { type ArchivePorts, archive } from '../../../functions/evidence/archive.ts'
import { run } from '../../../functions/evidence/archive-leaves.ts'
import { decodeBundle, decodeEntry } from '../../../functions/evidence/bundle.ts'
import { toHex, utf8 } from '../../../functions/evidence/bytes.ts'
import { isEvidenceHealthy, readEvidenceHealth } from '../../../functions/evidence/health.ts'
import { leafPath } from '../../../functions/evidence/leaf.ts'
import { parseCheckpoint } from '../../../functions/evidence/note.ts'
import { checkpointPath, leafPrefix } from '../../../functions/evidence/tiles.ts'
import { runs } from '../../runs.ts'
import { anyArchive, anyLog, anyRecord, anyRecords, changeA, changeB, digestOf, verifyLog } from './any-log.ts'

type Made = ReturnType<typeof anyArchive>
const isRepeated = <T>(values: readonly T[]) => new Set(values).size !== values.length
const headOf = async ({ logHead }: Made) => (await logHead.read()).head

/** Ports whose calls pass through `gate` before and after the effect: a crash, or a pause. */
function gated(ports: ArchivePorts, gate: (when: 'before' | 'after') => Promise<void>): ArchivePorts {
  const through = async <T>(effect: () => Promise<T>) => {
    await gate('before')
    const result = await effect()
    await gate('after')
    return result
  }
  const { store, outbox, logHead, chainHeads, signer } = ports
  return {
    ...ports,
    store: {
      create: (path, bytes) => through(() => store.create(path, bytes)),
      replace: (path, bytes, expected) => through(() => store.replace(path, bytes, expected)),
      read: (path) => store.read(path),
      list: (prefix) => store.list(prefix),
    },
    outbox: {
      pending: (limit) => through(() => outbox.pending(limit)),
      setAside: () => through(() => outbox.setAside()),
      remove: (leafIds) => through(() => outbox.remove(leafIds)),
    },
    logHead: {
      read: () => through(() => logHead.read()),
      advance: (from, head) => through(() => logHead.advance(from, head)),
    },
    chainHeads: {
      read: (changeId) => through(() => chainHeads.read(changeId)),
      advance: (head) => through(() => chainHeads.advance(head)),
    },
    signer,
  }
}

describe('8.4 archive', () => {
  it('files each transition once, and the log verifies', async () => {
    const made = anyArchive(anyRecords(450))
    expect(await archive(made)).toEqual({ filed: 450, size: 450, isDrained: true })
    expect(made.outbox.waiting.size).toBe(0)
    expect(await verifyLog(made.store)).toMatchObject({ ok: true, size: 450, leaves: 450, problems: [] })
  })

  it('does nothing when nothing waits', async () => {
    const made = anyArchive([])
    expect(await archive(made)).toEqual({ filed: 0, size: 0, isDrained: true })
    expect(made.store.objects.size).toBe(0)
  })

  it('I17 gives the same bytes for the same records', async () => {
    const [one, other] = [await anyLog([300]), await anyLog([300])]
    expect(digestOf(one.store)).toBe(digestOf(other.store))
  })

  it('keeps every earlier checkpoint provable while the log grows across tiles', async () => {
    const made = anyArchive([])
    const seen: Uint8Array[] = []
    for (const [from, step] of [
      [0, 1],
      [1, 254],
      [255, 1],
      [256, 1],
      [257, 300],
      [557, 211],
    ] as const) {
      made.outbox.add(anyRecords(step, from))
      await archive(made)
      const checkpoint = await made.store.read(checkpointPath)
      if (checkpoint) seen.push(checkpoint)
      for (const knownCheckpoint of seen)
        expect(await verifyLog(made.store, { knownCheckpoint })).toMatchObject({ ok: true, size: from + step })
    }
    expect(seen).toHaveLength(6)
  })

  it('answers a queue without failures and ignores what the nudge says', async () => {
    const made = anyArchive(anyRecords(2))
    expect(await run({ Records: [{ body: 'anything' }] }, made)).toEqual({
      batchItemFailures: [],
      filed: 2,
      size: 2,
      isDrained: true,
    })
    expect(await run({}, made)).toMatchObject({ filed: 0, size: 2 })
  })

  it('B22 files a record whose fields are no path under stand-ins', async () => {
    const hostile = anyRecord(7, { type: '../../x%2e', account: 'a/b', changeId: '..', at: '../../../etc' })
    expect(leafPath(hostile)).toBe(`v1/leaf/dt=0000-00-00/acct=unknown/change=none/${hostile.leafId}-unnamed.json`)
    const made = anyArchive([hostile])
    await archive(made)
    expect(await verifyLog(made.store)).toMatchObject({ ok: true })
  })

  it('refuses a leaf id that is no ULID', async () => {
    await expect(archive(anyArchive([anyRecord(1, { leafId: '../1' })]))).rejects.toMatchObject({ code: 'DD2104' })
  })

  it('signs fewer than 4,096 bytes however large the record is', async () => {
    const made = anyArchive([
      anyRecord(1, { body: 'x'.repeat(300_000), actor: 'y'.repeat(9_000), type: 'z'.repeat(9_000) }),
    ])
    const lengths: number[] = []
    const sign = (bytes: Uint8Array) => {
      lengths.push(bytes.length)
      return made.signer.sign(bytes)
    }
    await archive({ ...made, signer: { ...made.signer, sign } })
    expect(Math.max(...lengths)).toBeLessThan(4_096)
    expect(await verifyLog(made.store)).toMatchObject({ ok: true })
  })
})

describe('I8 the archiver dies', () => {
  it.each(['before', 'after'] as const)(
    'at any call, %s its effect, and the next run makes the same log',
    async (when) => {
      const base = await anyLog([254])
      const expected = await anyLog([254, 5])
      let crashes = 0
      for (let isDone = false; !isDone; crashes++) {
        const made = anyArchive(anyRecords(5, 254))
        for (const [path, bytes] of base.store.objects) made.store.objects.set(path, bytes)
        await made.logHead.advance(0, await headOf(base))
        for (const changeId of [changeA, changeB]) {
          const chain = await base.chainHeads.read(changeId)
          if (chain) await made.chainHeads.advance(chain)
        }
        let calls = 0
        const crashing = gated(made, async (now) => {
          if (now === when && calls++ === crashes) throw new Error('killed')
        })
        isDone = await archive(crashing).then(
          () => true,
          () => false,
        )
        await archive(made)
        expect(made.outbox.waiting.size).toBe(0)
        expect((await headOf(made)).size).toBe(259)
        expect(digestOf(made.store)).toBe(digestOf(expected.store))
      }
      expect(crashes).toBeGreaterThan(15)
    },
  )

  it('while others go on: random crashes of random runs, and each leaf stands once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { minLength: 1, maxLength: 12 }), async (crashes) => {
        const made = anyArchive([])
        let next = 0
        for (const crash of crashes) {
          made.outbox.add(anyRecords(7, next))
          next += 7
          let calls = 0
          await archive(
            gated(made, async () => {
              if (calls++ === crash) throw new Error('killed')
            }),
          ).catch(() => undefined)
        }
        await archive(made)
        expect(await verifyLog(made.store)).toMatchObject({ ok: true, size: next })
      }),
      { numRuns: runs(60) },
    )
  })
})

describe('I8 two archivers at once', () => {
  it('make one log with each leaf once, however their calls interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const made = anyArchive(anyRecords(5))
        const paused = () =>
          gated(made, async (when) => {
            if (when === 'before') await scheduler.schedule(Promise.resolve())
          })
        const late = scheduler.schedule(Promise.resolve()).then(() => made.outbox.add(anyRecords(4, 5)))
        const results = Promise.all([archive(paused()), archive(paused()), late])
        await scheduler.waitFor(results)
        await archive(made)
        const verdict = await verifyLog(made.store)
        expect(verdict).toMatchObject({ ok: true, size: 9, leaves: 9 })
        expect(made.outbox.waiting.size).toBe(0)
        const bundle = made.store.objects.get('v1/tlog/tile/entries/000.p/9')
        const paths = bundle ? decodeBundle(bundle).entries.map((bytes) => decodeEntry(bytes)?.path) : []
        expect(paths).toHaveLength(9)
        expect(isRepeated(paths)).toBe(false)
      }),
      { numRuns: runs(200) },
    )
  })

  it('one that lost the race for the head publishes nothing of its claim, and loses no leaf', async () => {
    const made = anyArchive(anyRecords(5))
    let isFirst = true
    const outbox = {
      ...made.outbox,
      pending: async (limit: number) => {
        if (!isFirst) return made.outbox.pending(limit)
        isFirst = false
        // The other files what waits, and more comes, after this one has read the head.
        await archive(made)
        made.outbox.add(anyRecords(4, 5))
        return made.outbox.pending(limit)
      },
    }
    expect(await archive({ ...made, outbox })).toMatchObject({ filed: 4, size: 9 })
    expect(await verifyLog(made.store)).toMatchObject({ ok: true, size: 9, leaves: 9, problems: [] })
    expect([...made.store.objects.keys()]).not.toContain('v1/tlog/tile/entries/000.p/4')
  })

  it('a late one with a smaller checkpoint leaves the larger standing', async () => {
    const made = anyArchive(anyRecords(3))
    const { resolve: release, promise: released } = Promise.withResolvers<void>()
    const store = {
      ...made.store,
      replace: async (path: string, bytes: Uint8Array, expected: Uint8Array | undefined) => {
        await released
        return made.store.replace(path, bytes, expected)
      },
    }
    const late = archive({ ...made, store })
    while ((await headOf(made)).size === 0) await Promise.resolve()
    await archive(made)
    made.outbox.add(anyRecords(2, 3))
    await archive(made)
    release()
    await late
    const checkpoint = parseCheckpoint((await made.store.read(checkpointPath)) ?? new Uint8Array(0))
    expect(checkpoint?.size).toBe(5)
  })
})

describe('F40 F41 the store', () => {
  it('F40 fails, and nothing is done without its leaf', async () => {
    const made = anyArchive(anyRecords(3))
    const store = {
      ...made.store,
      create: async () => {
        throw new Error('503')
      },
    }
    await expect(archive({ ...made, store })).rejects.toThrow('503')
    expect(made.outbox.waiting.size).toBe(3)
    expect((await headOf(made)).size).toBe(0)
    expect(await archive(made)).toMatchObject({ filed: 3 })
  })

  it("F41 holds other content under a leaf's name: stops, alarms, overwrites nothing", async () => {
    const made = anyArchive(anyRecords(3))
    const path = leafPath(anyRecord(1))
    await made.store.create(path, utf8('{}'))
    await expect(archive(made)).rejects.toMatchObject({ code: 'DD2101' })
    expect(made.counted).toContain('EvidenceCollision')
    expect(await made.store.read(path)).toEqual(utf8('{}'))
    expect(made.outbox.waiting.size).toBe(3)
    expect(isEvidenceHealthy(await readEvidenceHealth(made))).toBe(false)
  })

  it('F41 holds the same content: that is success', async () => {
    const made = anyArchive(anyRecords(3))
    const { store } = await anyLog([3])
    for (const [path, bytes] of store.objects) if (path.startsWith(leafPrefix)) await made.store.create(path, bytes)
    expect(await archive(made)).toMatchObject({ filed: 3 })
    expect(made.counted).toEqual([])
  })

  it('F41 holds the same statement under an earlier key: the leaf is taken as it stands', async () => {
    const made = anyArchive(anyRecords(1))
    const { store } = await anyLog([1], 'earlier key')
    const path = leafPath(anyRecord(0))
    const earlier = store.objects.get(path)
    if (earlier) await made.store.create(path, earlier)
    expect(await archive(made)).toMatchObject({ filed: 1 })
    const entry = decodeEntry(
      decodeBundle(made.store.objects.get('v1/tlog/tile/entries/000.p/1') ?? new Uint8Array(0)).entries[0] ??
        new Uint8Array(0),
    )
    expect(entry?.sha256).toBe(toHex(sha256(earlier ?? new Uint8Array(0))))
  })

  it.each([
    ['a tile is missing', 'v1/tlog/tile/0/000.p/3', undefined],
    ['a tile is another', 'v1/tlog/tile/0/000.p/3', new Uint8Array(96)],
    ['the checkpoint is unreadable', checkpointPath, utf8('?')],
  ])("stops when %s: the log's files and its head disagree", async (_, path, bytes) => {
    const made = await anyLog([3])
    made.store.objects.delete(path)
    if (bytes) made.store.objects.set(path, bytes)
    made.outbox.add(anyRecords(2, 3))
    await expect(archive(made)).rejects.toMatchObject({ code: 'DD2102' })
    expect(made.outbox.waiting.size).toBe(2)
  })

  it('I9 stops when the checkpoint in the store names another tree of the same size', async () => {
    const made = await anyLog([3])
    const other = await anyLog([5], 'other key')
    made.outbox.add(anyRecords(2, 3))
    made.store.objects.set(checkpointPath, (await other.store.read(checkpointPath)) ?? new Uint8Array(0))
    const forked = anyArchive([...anyRecords(4), anyRecord(9)])
    await archive(forked)
    made.store.objects.set(checkpointPath, (await forked.store.read(checkpointPath)) ?? new Uint8Array(0))
    await expect(archive(made)).rejects.toMatchObject({ code: 'DD2102' })
  })
})

describe('F42 the key is disabled', () => {
  it('files nothing, loses nothing, says so to the gates, and catches up', async () => {
    const made = await anyLog([3])
    made.outbox.add(anyRecords(4, 3))
    made.signer.disable(true)
    await expect(archive(made)).rejects.toMatchObject({ code: 'DD2103' })
    expect(made.outbox.waiting.size).toBe(4)
    expect(await readEvidenceHealth(made)).toMatchObject({ pending: 4, lastError: 'DD2103' })
    expect(isEvidenceHealthy(await readEvidenceHealth(made))).toBe(false)
    made.signer.disable(false)
    expect(await archive(made)).toMatchObject({ filed: 4, size: 7 })
    expect(isEvidenceHealthy(await readEvidenceHealth(made))).toBe(true)
    expect(await verifyLog(made.store)).toMatchObject({ ok: true, size: 7 })
  })

  it('between the leaves and the checkpoint: the checkpoint catches up later', async () => {
    const made = anyArchive(anyRecords(3))
    const create = async (path: string, bytes: Uint8Array) => {
      made.signer.disable(path.startsWith('v1/tlog/'))
      return made.store.create(path, bytes)
    }
    await expect(archive({ ...made, store: { ...made.store, create } })).rejects.toMatchObject({ code: 'DD2103' })
    expect(await made.store.read(checkpointPath)).toBeUndefined()
    expect((await headOf(made)).batch).toHaveLength(3)
    made.signer.disable(false)
    await archive(made)
    expect(await verifyLog(made.store)).toMatchObject({ ok: true, size: 3 })
  })

  it('raises the alarm when a transition waits for more than 15 minutes', async () => {
    const made = anyArchive(anyRecords(1))
    made.clock.advance(901_000)
    made.signer.disable(true)
    await expect(archive(made)).rejects.toMatchObject({ code: 'DD2103' })
    expect(made.counted).toContain('EvidenceLagging')
  })
})

describe('I20 isEvidenceHealthy', () => {
  it.each([
    [{ headAgeSeconds: 0, pending: 0 }, true],
    [{ headAgeSeconds: 300, pending: 5 }, true],
    [{ headAgeSeconds: 9_999, pending: 0 }, true],
    [{ headAgeSeconds: 301, pending: 1 }, false],
    [{ headAgeSeconds: 0, pending: 0, lastError: 'DD2103' }, false],
    [{ headAgeSeconds: undefined, pending: 1 }, false],
    [{ headAgeSeconds: Number.NaN, pending: 1 }, false],
    [{ headAgeSeconds: 0, pending: undefined }, false],
    [{ headAgeSeconds: 0, pending: Number.NaN }, false],
    [{ headAgeSeconds: 0, pending: -1 }, false],
  ])('says of %o: %s', (health, expected) => {
    expect(isEvidenceHealthy(health)).toBe(expected)
  })

  it('is false when the head cannot be read', async () => {
    const made = anyArchive([])
    const logHead = {
      ...made.logHead,
      read: async () => {
        throw new Error('timed out')
      },
    }
    expect(isEvidenceHealthy(await readEvidenceHealth({ ...made, logHead }))).toBe(false)
  })

  it('is false when a pending transition has no readable time', async () => {
    const made = anyArchive([anyRecord(1, { at: 'yesterday' })])
    expect(isEvidenceHealthy(await readEvidenceHealth(made))).toBe(false)
  })
})
