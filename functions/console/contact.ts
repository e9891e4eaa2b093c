/** Whom to ask when a link does not work: the catalogue's change managers, by name and address. */
import { CatalogueRecord } from '../catalogue/index.ts'
import { keys } from '../kit/keys.ts'
import type { Ledger } from '../kit/ledger.ts'

const namedMax = 3

export async function contactOf(ledger: Ledger): Promise<string> {
  const catalogue = await ledger.read(CatalogueRecord, keys.catalogue())
  const managers = (catalogue?.value.people ?? []).filter(({ roles }) => roles.includes('change-manager'))
  const named = managers.slice(0, namedMax).map(({ name, email }) => `${name}, ${email}`)
  return named.length === 0 ? 'the change manager' : `the change manager (${named.join('; ')})`
}
