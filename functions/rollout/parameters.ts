/** The parameters of a command's document: never text from a finding. */
import { overrideKeyOf, type Plan } from '../planning/index.ts'
import type { CommandOut, Ring } from './ring.ts'

/** Only the install of a Windows plan takes an override list, by name and hash. */
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
