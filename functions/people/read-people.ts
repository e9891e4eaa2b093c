/** The people of the catalogue as it is now. */
import { CatalogueRecord } from '../catalogue/index.ts'
import { DrydockError } from '../kit/errors.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'
import { type People, peopleOf } from './people.ts'

/**
 * Reads who stands in the catalogue now, with which roles.
 *
 * @throws DrydockError DD1703 when the catalogue cannot be read: nobody is asked and no answer is taken then.
 */
export async function run(ledger: Ledger): Promise<People> {
  const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
  if (!catalogue)
    throw new DrydockError('DD1703', 'the catalogue cannot be read, so nobody knows who may answer; load it')
  return peopleOf(catalogue.value.people)
}
