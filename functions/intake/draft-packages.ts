/**
 * Checks and completes the packages of a draft: strict for what may reach a command, lenient for what is only shown.
 */
import {
  cleanText,
  type Finding,
  type FindingPackage,
  grammarOf,
  isInstallable,
  isPackageName,
  isPackageVersion,
  isPatchablePackage,
  isWindowsUpdate,
  type PackageGrammar,
  quoted,
  updateNamedIn,
} from '../finding/index.ts'
import type { DraftPackage } from './draft.ts'
import { textOf } from './fields.ts'
import { type Refusal, refuse } from './refusals.ts'

/** More packages than any real finding has; beyond that the record is refused, not cut (B18). */
export const packagesMax = 2_000

export interface CheckedPackages {
  readonly packages: FindingPackage[]
  readonly flags: readonly string[]
}

const grammarOfManager: Readonly<Record<string, PackageGrammar>> = {
  DPKG: 'dpkg',
  APT: 'dpkg',
  DEB: 'dpkg',
  RPM: 'rpm',
  YUM: 'rpm',
  DNF: 'rpm',
  ZYPPER: 'rpm',
  APK: 'generic',
}

/** Without a named manager, the name may be from any ecosystem, but never shell code. */
const looseName = /^[A-Za-z0-9_@][A-Za-z0-9._+@/:~ -]*$/
const noVersion = /^(?:not ?available|n\/a|none|unknown|-)$/i
const managerName = /^[A-Z0-9][A-Z0-9_.-]{0,31}$/
const epochForm = /^\d{1,10}$/

/** Every package of a draft, or the refusal of the first bad one (B1, B2). */
export function checkPackages(
  drafts: readonly DraftPackage[],
  resource: Pick<Finding['resource'], 'type' | 'platform'>,
  at: string,
): CheckedPackages | Refusal {
  if (drafts.length > packagesMax)
    return refuse('TOO_LARGE', at, `${drafts.length} packages in one finding; at most ${packagesMax} are read`)
  const packages = new Map<string, FindingPackage>()
  const flags = new Set<string>()
  for (const draft of drafts) {
    const checked = checkPackage(draft, resource)
    if ('refused' in checked) return checked
    packages.set(identityOf(checked.entry), checked.entry)
    for (const flag of checked.flags) flags.add(flag)
  }
  return { packages: [...packages.values()], flags: [...flags] }
}

/** An identity key: no field has a line feed and the order is fixed, so equal keys mean equal packages. */
const identityOf = ({ name, installedVersion, fixedVersion, arch, manager, filePath, isPatchable }: FindingPackage) =>
  `${name}\n${installedVersion}\n${fixedVersion ?? ''}\n${arch ?? ''}\n${manager}\n${filePath ?? ''}\n${isPatchable}`

type Checked = { readonly entry: FindingPackage; readonly flags: readonly string[] } | Refusal

function checkPackage(draft: DraftPackage, resource: Pick<Finding['resource'], 'type' | 'platform'>): Checked {
  const rawName = textOf(draft.name)
  if (rawName === undefined) return refuse('UNREADABLE', draft.at, 'a package without a name')
  const stated = textOf(draft.manager)?.trim().toUpperCase()
  const manager = managerOf(stated)
  const grammar = (stated === undefined ? undefined : grammarOfManager[stated]) ?? grammarOf(resource.platform)
  const installed = composedVersion(draft)
  const fixed = fixOf(draft, grammar)
  if (manager === 'OS') {
    const refusal = refusalOf(rawName, [installed, fixed], grammar, draft.at)
    if (refusal) return refusal
  } else if (manager === 'UNKNOWN' && !looseName.test(rawName)) {
    return refuse('BAD_PACKAGE_NAME', draft.at, `package name ${quoted(rawName)} is not valid for any package manager`)
  }
  return completed(draft, resource, { rawName, manager, installed, fixed })
}

/** On Windows an update number is preferred to a build: only it can be installed. */
function fixOf({ fixedVersion, remediation }: DraftPackage, grammar: PackageGrammar): string | undefined {
  const stated = statedVersion(fixedVersion)?.replace(/^0+:/, '')
  if (grammar !== 'windows' || (stated !== undefined && isWindowsUpdate(stated))) return stated
  return updateNamedIn(textOf(remediation) ?? '') ?? stated
}

const managerOf = (stated: string | undefined): string => {
  if (stated === undefined || !managerName.test(stated)) return 'UNKNOWN'
  return Object.hasOwn(grammarOfManager, stated) ? 'OS' : stated
}

function refusalOf(
  name: string,
  [installed, fixed]: readonly [string | undefined, string | undefined],
  grammar: PackageGrammar,
  at: string,
): Refusal | undefined {
  if (!isPackageName(name, grammar))
    return refuse('BAD_PACKAGE_NAME', at, `${quoted(name)} is not a valid ${grammar} package name`)
  const bad = [installed, fixed].find((version) => version !== undefined && !isPackageVersion(version, grammar))
  if (bad !== undefined) return refuse('BAD_PACKAGE_VERSION', at, `${quoted(bad)} is not a valid ${grammar} version`)
  // Windows is patched from a list of KB numbers; everywhere else the fix becomes part of a command.
  if (fixed === undefined || grammar === 'windows' || isInstallable(name, fixed)) return undefined
  return refuse('BAD_PACKAGE_VERSION', at, `no document can install ${quoted(`${name}=${fixed}`)}`)
}

function completed(
  draft: DraftPackage,
  resource: Pick<Finding['resource'], 'type' | 'platform'>,
  checked: { rawName: string; manager: string; installed: string | undefined; fixed: string | undefined },
): Checked {
  const name = cleanText(checked.rawName, 256)
  const installed = cleanText(checked.installed ?? '', 256)
  const fixed = cleanText(checked.fixed ?? '', 256)
  const arch = cleanText(textOf(draft.arch) ?? '', 32)
  const filePath = cleanText(textOf(draft.filePath) ?? '', 4096)
  if (name.text === '') return refuse('BAD_PACKAGE_NAME', draft.at, 'a package name without a visible character')
  const flags = [name, installed, fixed, arch, filePath].flatMap((each) => each.flags)
  if (checked.manager !== 'OS' && !looseName.test(checked.rawName)) flags.push('unusual-package-name')
  return {
    entry: {
      name: name.text,
      installedVersion: installed.text,
      ...(fixed.text === '' ? {} : { fixedVersion: fixed.text }),
      ...(arch.text === '' ? {} : { arch: arch.text }),
      manager: checked.manager,
      ...(filePath.text === '' ? {} : { filePath: filePath.text }),
      isPatchable: isPatchablePackage(checked.manager, resource),
    },
    flags,
  }
}

function statedVersion(value: unknown): string | undefined {
  const text = textOf(value)
  return text === undefined || noVersion.test(text.trim()) ? undefined : text
}

/** `epoch:version-release`, as the host's package manager writes it; epoch 0 is left out. */
function composedVersion(draft: DraftPackage): string | undefined {
  const version = statedVersion(draft.version)
  if (version === undefined) return undefined
  const release = statedVersion(draft.release)
  const epoch = textOf(draft.epoch)
  const withRelease = release === undefined || version.endsWith(`-${release}`) ? version : `${version}-${release}`
  if (epoch === undefined || /^0+$/.test(epoch)) return withRelease.replace(/^0+:/, '')
  // A non-numeric epoch makes a version that no grammar accepts.
  if (!epochForm.test(epoch)) return `${epoch}:${withRelease}`
  return withRelease.startsWith(`${Number(epoch)}:`) ? withRelease : `${Number(epoch)}:${withRelease}`
}
