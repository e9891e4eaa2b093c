/** Reads the catalogue's current people. */
import { CatalogueRecord } from '../catalogue/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { type People, peopleOf } from './people.ts'

/**
 * Reads who is in the catalogue now, with which roles.
 *
 * @throws DrydockError DD1703 when the catalogue cannot be read: then nobody is asked and no answer is accepted.
 */
export async function run(ledger: Ledger): Promise<People> {
  const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
  if (!catalogue)
    throw new DrydockError('DD1703', 'the catalogue cannot be read, so who may answer is unknown; load it')
  return peopleOf(catalogue.value.people)
}
