/** Checks on outside text before a person sees it or a command is built from it. */

/** Displayable text, and what was corrected. */
export interface CleanText {
  readonly text: string
  readonly flags: readonly string[]
}

const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const zeroWidth = /[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu
const mixedScript =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u

/** Text without anything to remove, as most is. */
const plain = /^[ -~]*$/
const unflagged: readonly string[] = []

/**
 * Text without control, bidirectional and zero-width characters, at most `lengthMax` UTF-16 units long.
 *
 * Line breaks stay only with `keepsLines`, else they become one space. HTML is kept: escaping is up to the display.
 * Flags: `bidi-stripped`, `zero-width-stripped`, `control-stripped`, `text-cut`, `mixed-script` (B6, B7, B9).
 */
export function cleanText(raw: string, lengthMax: number, options: { readonly keepsLines?: boolean } = {}): CleanText {
  if (raw.length <= lengthMax && plain.test(raw)) return { text: raw.trim(), flags: unflagged }
  const flags: string[] = []
  const replaced = (text: string, pattern: RegExp, by: string, flag: string) => {
    const next = text.replace(pattern, by)
    if (next !== text) flags.push(flag)
    return next
  }
  let text = raw.toWellFormed()
  // Stripping can only shorten, so text far beyond the limit need not be read.
  if (text.length > lengthMax * 4) text = text.slice(0, lengthMax * 4)
  text = replaced(text, bidi, '', 'bidi-stripped')
  text = replaced(text, zeroWidth, '', 'zero-width-stripped')
  if (!options.keepsLines) text = replaced(text, breaks, ' ', 'control-stripped')
  text = replaced(text, controls, '', 'control-stripped').trim()
  if (text.length > lengthMax) {
    text = text.slice(0, lengthMax).toWellFormed()
    flags.push('text-cut')
  } else if (raw.length > lengthMax * 4) {
    flags.push('text-cut')
  }
  if (mixedScript.test(text)) flags.push('mixed-script')
  return { text, flags: [...new Set(flags)] }
}

/** An outside value, quoted and cut, safe in a log line or a message. */
export const quoted = (value: unknown): string =>
  JSON.stringify(cleanText(typeof value === 'string' ? value : String(JSON.stringify(value) ?? value), 80).text)

/** The package manager determines the grammar of names and versions. */
export type PackageGrammar = 'dpkg' | 'rpm' | 'windows' | 'generic'

const packageNames: Readonly<Record<PackageGrammar, RegExp>> = {
  // https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
  dpkg: /^[a-z0-9][a-z0-9+.-]+$/,
  rpm: /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/,
  // Product names and KB numbers; they select an update and never become part of a shell command.
  windows: /^[A-Za-z0-9][A-Za-z0-9 ._+(),-]*$/,
  generic: /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/,
}

const packageVersions: Readonly<Record<PackageGrammar, RegExp>> = {
  // https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
  dpkg: /^(?:\d{1,10}:)?[A-Za-z0-9][A-Za-z0-9.+~-]*$/,
  rpm: /^(?:\d{1,10}:)?[A-Za-z0-9_][A-Za-z0-9._+~^-]*$/,
  windows: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
  generic: /^(?:\d{1,10}:)?[A-Za-z0-9_][A-Za-z0-9._+~-]*$/,
}

const packageTextMax = 200

/**
 * Whether a package name is valid for its package manager; nothing else may reach a command (B1).
 *
 * Package names are keys in plans and inventories, where `__proto__` cannot be one.
 */
export const isPackageName = (name: string, grammar: PackageGrammar): boolean =>
  name.length <= packageTextMax && packageNames[grammar].test(name) && name !== '__proto__'

/** Whether a version is valid for its package manager (B2). */
export const isPackageVersion = (version: string, grammar: PackageGrammar): boolean =>
  version.length <= packageTextMax && packageVersions[grammar].test(version)

/** One item of the `packages` parameter in documents/parameters.ts; a test keeps the two in step. */
const packageItem = /^[a-zA-Z0-9][a-zA-Z0-9.+_-]{0,127}=[a-zA-Z0-9](?:[a-zA-Z0-9.+~:^_-]{0,126}[a-zA-Z0-9~])?$/

/** Most packages per install command: the result of more would not fit into the 24,000 characters that SSM keeps. */
export const installItemsMax = 200

/**
 * Whether a document can be told to install this version: a version that ends in `+` or `-` would mean something else
 * to apt.
 */
export const isInstallable = (name: string, version: string): boolean => packageItem.test(`${name}=${version}`)

const dpkgPlatform = /^(?:UBUNTU|DEBIAN)/
const rpmPlatform = /^(?:AMAZON|AL20|REDHAT|RED_HAT|RHEL|CENTOS|ROCKY|ALMA|ORACLE|SUSE|SLES|OPENSUSE|FEDORA)/
const windowsPlatform = /^WINDOWS/
/** Hosts that are replaced or updated as a whole: they cannot install a single package. */
const imagePlatform = /^(?:BOTTLEROCKET|MAC_?OS|CHAINGUARD|DISTROLESS)/

/** The grammar for a platform as Inspector names it (`UBUNTU_22_04`, `AMAZON_LINUX_2`); `generic` if unknown. */
export function grammarOf(platform: string | undefined): PackageGrammar {
  const name = platform?.toUpperCase() ?? ''
  if (dpkgPlatform.test(name)) return 'dpkg'
  if (rpmPlatform.test(name)) return 'rpm'
  return windowsPlatform.test(name) ? 'windows' : 'generic'
}

/** Whether a host of the platform is updated as a whole image. */
export const isImagePlatform = (platform: string | undefined): boolean =>
  platform !== undefined && imagePlatform.test(platform.toUpperCase())

const hostId = /^(?:i|mi)-(?:[0-9a-f]{8}|[0-9a-f]{17})$/

/** Whether text is the id of an EC2 instance or a managed node, exactly (B3). */
export const isHostId = (text: string): boolean => hostId.test(text)
