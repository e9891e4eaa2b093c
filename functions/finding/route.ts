/** Who acts on a finding. */
import type { Finding, FindingRoute } from './finding.ts'
import { isImagePlatform } from './text.ts'

/** Whether the package manager of a managed host installs a package, so that a patch can fix it. */
export const isPatchablePackage = (
  manager: string,
  resource: { readonly type: Finding['resource']['type']; readonly platform?: string | undefined },
): boolean =>
  manager === 'OS' &&
  (resource.type === 'ec2-instance' || resource.type === 'managed-node') &&
  !isImagePlatform(resource.platform)

/**
 * The route of a finding: Drydock patches only what a managed host's package manager installs; the rest goes to its
 * owner.
 */
export function routeOf(finding: {
  readonly type: Finding['type']
  readonly resource: { readonly type: Finding['resource']['type'] }
  readonly packages: readonly { readonly isPatchable: boolean; readonly manager: string }[]
}): FindingRoute {
  if (finding.type === 'network-reachability') return 'network-owner'
  if (finding.type === 'code-vulnerability') return 'application-owner'
  if (finding.resource.type === 'ecr-image') return 'image-rebuild'
  if (finding.resource.type !== 'ec2-instance' && finding.resource.type !== 'managed-node') return 'application-owner'
  if (finding.packages.some((entry) => entry.isPatchable)) return 'patch'
  return finding.packages.some((entry) => entry.manager === 'OS') ? 'image-rebuild' : 'application-owner'
}
