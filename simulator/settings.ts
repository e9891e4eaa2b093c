/** What an organisation sets up before the first finding: its catalogue and its policy, on the ledger and as evidence. */
import type { Catalogue, Policy } from '../functions/catalogue/index.ts'
import { DrydockError } from '../functions/kit/errors.ts'
import { evidenceBy } from '../functions/kit/evidence-by.ts'
import { keys } from '../functions/kit/keys.ts'
import type { Ledger } from '../functions/kit/ledger.ts'
import type { Clock, Ids } from '../functions/kit/ports.ts'
import { isoInstant } from '../functions/kit/time.ts'
import { localAccount } from './local-account.ts'

/**
 * Writes both as `drydock catalogue load` and `policy load` do, loaded by Olivia and Chloe.
 *
 * @throws DrydockError DD2432 when the ledger holds a catalogue or a policy already.
 */
export async function loadSettings(
  { ledger, ids, clock }: { readonly ledger: Ledger; readonly ids: Ids; readonly clock: Clock },
  { catalogue, policy }: { readonly catalogue: Catalogue; readonly policy: Policy },
): Promise<void> {
  const loaded = (type: string, actor: string, body: Readonly<Record<string, string[]>>) => ({
    ...evidenceBy({ ids, account: localAccount }, isoInstant(clock.nowMs()), actor),
    type,
    changeId: 'none',
    body,
  })
  const result = await ledger.commit({
    moves: [
      { kind: 'catalogue', key: keys.catalogue(), from: 0, value: catalogue },
      { kind: 'policy', key: keys.policy(), from: 0, value: policy },
    ],
    evidence: [
      loaded('catalogue.loaded', 'olivia', { services: catalogue.services.map(({ name }) => name) }),
      loaded('policy.loaded', 'chloe', { tables: policy.risk.tables }),
    ],
  })
  if (!('committed' in result))
    throw new DrydockError('DD2432', 'the local cloud holds a catalogue already; stop it and start again')
}
