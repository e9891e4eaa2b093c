/** Blocks the packages of a rolled-back plan for the whole fleet, in transactions of bounded size. */
import type { MovePorts } from '../changes/index.ts'
import { evidenceBy } from '../kit/evidence-by.ts'
import { keys, lists } from '../kit/keys.ts'
import type { Move } from '../kit/ledger.ts'
import { retried } from '../kit/retried.ts'
import { type BlockedPatch, BlockedPatchRecord, type Plan } from '../planning/index.ts'

export interface Block {
  readonly changeId: string
  readonly packages: Plan['manifest']['packages']
  readonly because: string
  readonly at: string
}

/** Blocks per transaction; with the leaf far below DynamoDB's 100 items. */
export const blocksAtOnceMax = 50

/**
 * Writes each missing block once; safe to repeat after a crash at any point.
 *
 * @returns how many are new.
 * @throws DrydockError DD2002 when others wrote blocks of the same packages at every try.
 */
export async function run(block: Block, ports: MovePorts): Promise<number> {
  let written = 0
  // Two platforms may have the same version of a package: it is blocked once.
  const packages = [...new Map(block.packages.map((entry) => [`${entry.name} ${entry.version}`, entry])).values()]
  for (let start = 0; start < packages.length; start += blocksAtOnceMax)
    written += await blockSome({ ...block, packages: packages.slice(start, start + blocksAtOnceMax) }, ports)
  return written
}

async function blockSome(block: Block, ports: MovePorts): Promise<number> {
  const { changeId, because, at } = block
  return retried({ code: 'DD2002', what: `a block of ${changeId}`, advice: 'the machine tries again' }, async () => {
    const missing = await missingOf(block, ports)
    if (missing.length === 0) return 0
    const packages = missing.map(({ name, version }) => ({ name, version }))
    const result = await ports.ledger.commit({
      moves: missing.map((entry) => blockMove(entry, block)),
      evidence: [{ ...evidenceBy(ports, at), type: 'rollback.patches-blocked', changeId, body: { because, packages } }],
    })
    return 'committed' in result ? missing.length : undefined
  })
}

async function missingOf({ packages }: Block, { ledger }: MovePorts): Promise<Plan['manifest']['packages']> {
  const read = await Promise.all(
    packages.map(async (entry) => ({
      entry,
      known: await ledger.read(BlockedPatchRecord, keys.blockedPatch(entry.name, entry.version)),
    })),
  )
  return read.filter(({ known }) => known === undefined).map(({ entry }) => entry)
}

function blockMove({ name, version }: Plan['manifest']['packages'][number], { changeId, because, at }: Block): Move {
  const value: BlockedPatch = { package: name, version, changeId, because, at }
  return {
    kind: BlockedPatchRecord.kind,
    key: keys.blockedPatch(name, version),
    from: 0,
    value,
    list: { pk: lists.blockedPatches, sk: `${name}#${version}` },
  }
}
