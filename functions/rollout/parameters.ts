/** What a command hands over to its document: never text from a finding. */
import { overrideKeyOf, type Plan } from '../planning/index.ts'
import type { CommandOut, Ring } from './ring.ts'

/** The install of a Windows plan takes its override list by name and hash; the others know of none. */
export function parametersOf(
  { changeId }: Ring,
  intentId: string,
  { step, packages }: CommandOut,
  { manifest: { overrideList } }: Plan,
): Readonly<Record<string, readonly string[]>> {
  return {
    changeId: [changeId],
    intentId: [intentId],
    packages: [packages],
    ...(step === 'install' && overrideList
      ? { overrideKey: [overrideKeyOf(overrideList)], overrideSha256: [overrideList.sha256] }
      : {}),
  }
}
