/** Which of two package versions is newer, by dpkg's and by RPM's rules. On a host its own package manager decides; this is for everything else. */

export type VersionScheme = 'deb' | 'rpm'

/** Negative: left is older; positive: newer; 0: the same. */
export function compareVersions(scheme: VersionScheme, left: string, right: string): number {
  return scheme === 'deb' ? compareDeb(left, right) : compareRpm(left, right)
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':')
  const rest = version.slice(colon + 1)
  const dash = rest.lastIndexOf('-')
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)) || 0,
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  }
}

/** @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#version */
function compareDeb(left: string, right: string): number {
  const [one, other] = [split(left), split(right)]
  return one.epoch - other.epoch || debPart(one.upstream, other.upstream) || debPart(one.revision, other.revision)
}

const isDigit = (code: number) => code >= 48 && code <= 57
const isLetter = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

/** Tilde sorts before the end, the end before letters, letters before everything else. */
function debWeight(text: string, at: number): number {
  if (at >= text.length) return 0
  const code = text.charCodeAt(at)
  if (isDigit(code)) return 0
  if (code === 126) return -1
  return isLetter(code) ? code : code + 256
}

function debPart(left: string, right: string): number {
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    while ((i < left.length && !isDigit(left.charCodeAt(i))) || (j < right.length && !isDigit(right.charCodeAt(j)))) {
      const difference = debWeight(left, i) - debWeight(right, j)
      if (difference !== 0) return difference
      i++
      j++
    }
    const [one, other] = [digits(left, i), digits(right, j)]
    const difference = compareNumbers(one, other)
    if (difference !== 0) return difference
    i += one.length
    j += other.length
  }
  return 0
}

function digits(text: string, from: number): string {
  let end = from
  while (end < text.length && isDigit(text.charCodeAt(end))) end++
  return text.slice(from, end)
}

/** Digit strings of any length. */
function compareNumbers(left: string, right: string): number {
  const [one, other] = [left.replace(/^0+/, ''), right.replace(/^0+/, '')]
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)
}

/** @see https://rpm-software-management.github.io/rpm/man/rpm-version.7 */
function compareRpm(left: string, right: string): number {
  const [one, other] = [split(left), split(right)]
  const byVersion = one.epoch - other.epoch || rpmPart(one.upstream, other.upstream)
  if (byVersion !== 0 || one.revision === '' || other.revision === '') return byVersion
  return rpmPart(one.revision, other.revision)
}

const isAlnum = (code: number) => isDigit(code) || isLetter(code)

function rpmPart(left: string, right: string): number {
  let [i, j] = [0, 0]
  for (;;) {
    while (i < left.length && !isAlnum(left.charCodeAt(i)) && left[i] !== '~' && left[i] !== '^') i++
    while (j < right.length && !isAlnum(right.charCodeAt(j)) && right[j] !== '~' && right[j] !== '^') j++
    if (left[i] === '~' || right[j] === '~') {
      if (left[i] !== right[j]) return left[i] === '~' ? -1 : 1
      i++
      j++
      continue
    }
    if (left[i] === '^' || right[j] === '^') {
      if (i >= left.length) return -1
      if (j >= right.length) return 1
      if (left[i] !== right[j]) return left[i] === '^' ? -1 : 1
      i++
      j++
      continue
    }
    if (i >= left.length || j >= right.length) return i < left.length ? 1 : j < right.length ? -1 : 0
    const isNumber = isDigit(left.charCodeAt(i))
    const [one, other] = [run(left, i, isNumber), run(right, j, isNumber)]
    if (other === '') return isNumber ? 1 : -1
    const difference = isNumber ? compareNumbers(one, other) : one < other ? -1 : one > other ? 1 : 0
    if (difference !== 0) return difference
    i += one.length
    j += other.length
  }
}

function run(text: string, from: number, isNumber: boolean): string {
  let end = from
  while (end < text.length && (isNumber ? isDigit(text.charCodeAt(end)) : isLetter(text.charCodeAt(end)))) end++
  return text.slice(from, end)
}
