/**
 * Which of two package versions is newer, as dpkg, RPM and Windows order them. On a host its own package manager
 * decides; this is for everywhere else.
 */

/** Whose rules order versions: dpkg, RPM, or Windows updates. */
export type VersionScheme = 'deb' | 'rpm' | 'windows'

/**
 * The order of two versions of one package: negative when left is older, positive when it is newer, 0 when the package
 * manager considers them equal.
 *
 * Takes any text and never throws. Text that is not a version of the scheme sorts somewhere, without meaning:
 * see `fixStateOf`. Both texts are walked in place, because a plan for a fleet compares versions by the million.
 */
export function compareVersions(scheme: VersionScheme, left: string, right: string): number {
  if (left === right) return 0
  if (scheme === 'deb') return compareDeb(left, right)
  if (scheme === 'rpm') return compareRpm(left, right)
  // Four numbers, each compared as RPM compares a run of digits.
  return rpmPart({ text: left, at: 0, end: left.length }, { text: right, at: 0, end: right.length })
}

/** The part of a version from `at` to before `end`. */
interface Part {
  readonly text: string
  readonly at: number
  readonly end: number
}

const [zero, dash, tilde, caret] = [48, 45, 126, 94]

const isDigit = (code: number) => code >= 48 && code <= 57
const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

/** The index of the last dash after `from`, or the end. */
function dashOf(text: string, from: number): number {
  for (let at = text.length - 1; at >= from; at--) if (text.charCodeAt(at) === dash) return at
  return text.length
}

/** 0 without an epoch, when the colon is at -1. */
function compareEpochs(left: string, leftColon: number, right: string, rightColon: number): number {
  if (leftColon < 0 && rightColon < 0) return 0
  return debPart(
    { text: left, at: 0, end: Math.max(leftColon, 0) },
    { text: right, at: 0, end: Math.max(rightColon, 0) },
  )
}

/** @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#version */
function compareDeb(left: string, right: string): number {
  const leftColon = left.indexOf(':')
  const rightColon = right.indexOf(':')
  const byEpoch = compareEpochs(left, leftColon, right, rightColon)
  if (byEpoch !== 0) return byEpoch
  const leftDash = dashOf(left, leftColon + 1)
  const rightDash = dashOf(right, rightColon + 1)
  const byUpstream = debPart(
    { text: left, at: leftColon + 1, end: leftDash },
    { text: right, at: rightColon + 1, end: rightDash },
  )
  if (byUpstream !== 0) return byUpstream
  return debPart(
    { text: left, at: leftDash + 1, end: left.length },
    { text: right, at: rightDash + 1, end: right.length },
  )
}

/** Tilde sorts before the end and before digits, which are alike here, then letters, then everything else. */
function debWeight(code: number): number {
  if (isDigit(code) || code === 0) return 0
  if (code === tilde) return -1
  return isLetter(code) ? code : code + 256
}

/**
 * Characters are compared by their weights up to digits, digits as one number of any length, and so on. A common prefix
 * decides nothing, except for its trailing digits, which belong to numbers that may differ.
 */
function debPart(
  { text: left, at: leftAt, end: leftEnd }: Part,
  { text: right, at: rightAt, end: rightEnd }: Part,
): number {
  let i = leftAt
  let j = rightAt
  while (i < leftEnd && j < rightEnd && left.charCodeAt(i) === right.charCodeAt(j)) {
    i++
    j++
  }
  for (; i > leftAt && isDigit(left.charCodeAt(i - 1)); i--) j--
  while (i < leftEnd || j < rightEnd) {
    const one = debWeight(i < leftEnd ? left.charCodeAt(i) : 0)
    const other = debWeight(j < rightEnd ? right.charCodeAt(j) : 0)
    if (one !== other) return one - other
    if (one !== 0) {
      i++
      j++
      continue
    }
    while (i < leftEnd && left.charCodeAt(i) === zero) i++
    while (j < rightEnd && right.charCodeAt(j) === zero) j++
    let byDigit = 0
    for (;;) {
      const digit = i < leftEnd ? left.charCodeAt(i) : 0
      const twin = j < rightEnd ? right.charCodeAt(j) : 0
      if (!isDigit(digit) || !isDigit(twin)) {
        if (isDigit(digit)) return 1
        if (isDigit(twin)) return -1
        break
      }
      if (byDigit === 0) byDigit = digit - twin
      i++
      j++
    }
    if (byDigit !== 0) return byDigit
  }
  return 0
}

/** @see https://rpm-software-management.github.io/rpm/man/rpm-version.7 */
function compareRpm(left: string, right: string): number {
  const leftColon = left.indexOf(':')
  const rightColon = right.indexOf(':')
  const byEpoch = compareEpochs(left, leftColon, right, rightColon)
  if (byEpoch !== 0) return byEpoch
  const leftDash = dashOf(left, leftColon + 1)
  const rightDash = dashOf(right, rightColon + 1)
  const byVersion = rpmPart(
    { text: left, at: leftColon + 1, end: leftDash },
    { text: right, at: rightColon + 1, end: rightDash },
  )
  if (byVersion !== 0) return byVersion
  // A version without a release comes before all its releases.
  if (leftDash === left.length || rightDash === right.length)
    return Number(leftDash < left.length) - Number(rightDash < right.length)
  return rpmPart(
    { text: left, at: leftDash + 1, end: left.length },
    { text: right, at: rightDash + 1, end: right.length },
  )
}

const isRpmToken = (code: number) => isDigit(code) || isLetter(code) || code === tilde || code === caret

/** Numbers and runs of letters are compared one after another; anything between only separates them. */
function rpmPart(
  { text: left, at: leftAt, end: leftEnd }: Part,
  { text: right, at: rightAt, end: rightEnd }: Part,
): number {
  let i = leftAt
  let j = rightAt
  while (i < leftEnd && j < rightEnd && left.charCodeAt(i) === right.charCodeAt(j)) {
    i++
    j++
  }
  // Back to where the number or the run of letters began.
  if (i > leftAt && isDigit(left.charCodeAt(i - 1))) for (; i > leftAt && isDigit(left.charCodeAt(i - 1)); i--) j--
  else for (; i > leftAt && isLetter(left.charCodeAt(i - 1)); i--) j--
  for (;;) {
    while (i < leftEnd && !isRpmToken(left.charCodeAt(i))) i++
    while (j < rightEnd && !isRpmToken(right.charCodeAt(j))) j++
    const one = i < leftEnd ? left.charCodeAt(i) : 0
    const other = j < rightEnd ? right.charCodeAt(j) : 0
    const byMark = rpmMark(one, other)
    if (byMark !== 0) return byMark
    if (one === 0 || other === 0) return Number(one !== 0) - Number(other !== 0)
    if (one === tilde || one === caret) {
      i++
      j++
      continue
    }
    // A number is newer than letters.
    const isNumber = isDigit(one)
    if (isNumber !== isDigit(other)) return isNumber ? 1 : -1
    if (isNumber) {
      while (i < leftEnd && left.charCodeAt(i) === zero) i++
      while (j < rightEnd && right.charCodeAt(j) === zero) j++
    }
    let byCharacter = 0
    for (;;) {
      const mine = i < leftEnd ? left.charCodeAt(i) : 0
      const yours = j < rightEnd ? right.charCodeAt(j) : 0
      const [isMine, isYours] = isNumber ? [isDigit(mine), isDigit(yours)] : [isLetter(mine), isLetter(yours)]
      // The longer number is greater; for letters the first difference decides.
      if (!isMine || !isYours) {
        if (isMine !== isYours && (isNumber || byCharacter === 0)) return isMine ? 1 : -1
        break
      }
      if (byCharacter === 0) byCharacter = mine - yours
      i++
      j++
    }
    if (byCharacter !== 0) return byCharacter
  }
}

/** A tilde is older than anything, even the end; a caret is newer than the end and older than anything else. */
function rpmMark(one: number, other: number): number {
  if (one === other) return 0
  if (one === tilde) return -1
  if (other === tilde) return 1
  if (one === caret) return other === 0 ? 1 : -1
  if (other === caret) return one === 0 ? -1 : 1
  return 0
}
