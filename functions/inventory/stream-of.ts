/** What a version's text tells of where it comes from: versions of two distributions or streams have no order. */
import type { VersionScheme } from './version-order.ts'

/** The distribution by the marks that its packagers put into versions, e.g. `debian12`, `ubuntu22.04`, `el9`. */
interface Origin {
  /** ubuntu, debian, el, amzn, fc ...; undefined if the text does not say. */
  readonly family: string | undefined
  readonly release: string | undefined
}

const noOrigin: Origin = { family: undefined, release: undefined }

/** `+deb12u1`, `~deb11u2`, `~bpo12+1` of Debian; `ubuntu`, with `22.04` where the version carries it. */
function debOrigin(version: string): Origin {
  const debian = /[+~](?:deb|bpo)(\d{1,3})/.exec(version)
  if (debian) return { family: 'debian', release: debian[1] }
  if (!version.includes('ubuntu')) return noOrigin
  return { family: 'ubuntu', release: /[+~](\d\d\.(?:04|10))(?!\d)/.exec(version)?.[1] }
}

/** The dist tag of Fedora's packaging guidelines: `.el8_10` is `el` 8, `.amzn2023.0.4` is `amzn` 2023. */
function rpmOrigin(version: string): Origin {
  const tag = /\.(el|amzn|fc|azl|cm|mga|lp)(\d{1,5})(?!\d)/.exec(version)
  return tag ? { family: tag[1], release: tag[2] } : noOrigin
}

/** Whether the texts name two distributions, or two releases of one; false if one of them names none. */
export function isOtherDistribution(scheme: VersionScheme, left: string, right: string): boolean {
  const [one, other] = scheme === 'deb' ? [debOrigin(left), debOrigin(right)] : [rpmOrigin(left), rpmOrigin(right)]
  if (one.family === undefined || other.family === undefined) return false
  if (one.family !== other.family) return true
  return one.release !== undefined && other.release !== undefined && one.release !== other.release
}

const isModular = (version: string) => /[.+]module[+_]/.test(version)

/** Numbers of the upstream version, without epoch and release. */
const upstreamNumbers = (version: string): readonly string[] =>
  version
    .slice(version.indexOf(':') + 1)
    .split('-', 1)
    .flatMap((upstream) => upstream.split('.'))

/**
 * Whether two RPMs may come from different module streams, which the text does not name: one of them is of no module,
 * or the versions differ in what streams are named after (`nodejs:20`, `php:8.2`). A newer version is only known to be
 * of the same stream if both numbers agree; for an older one the first must.
 *
 * @see https://docs.fedoraproject.org/en-US/modularity/
 */
export function mayBeOtherStream(left: string, right: string, isNewer: boolean): boolean {
  if (isModular(left) !== isModular(right)) return true
  if (!isModular(left)) return false
  const [one, other] = [upstreamNumbers(left), upstreamNumbers(right)]
  return one[0] !== other[0] || (isNewer && one[1] !== other[1])
}
