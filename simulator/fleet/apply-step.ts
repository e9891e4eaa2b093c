/** What each document does to a simulated node, and the one JSON document that it prints. */
import { compareVersions } from '../../functions/inventory/index.ts'
import { applyWindowsStep } from './apply-windows.ts'
import { collect } from './collect.ts'
import { type FleetNode, isHealthy, versionOn, versionsOn } from './model.ts'
import type { StepInput, StepRun } from './step-run.ts'

/** The first SSM Agent that hands parameters over as environment variables. */
const agentVersionMin = [3, 3, 2746, 0] as const

function isAgentOld(version: string): boolean {
  const parts = version.split('.').map(Number)
  for (const [index, least] of agentVersionMin.entries()) {
    const part = parts[index] ?? 0
    if (part !== least) return part < least
  }
  return false
}

const wanted = (packages: string) =>
  packages
    .split(' ')
    .filter((item) => item !== '')
    .map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)] as const)

/** Kernels are added beside the old one: a downgrade does not bring it back. */
const isKernel = (name: string) => name.startsWith('linux-') || name.startsWith('kernel')
/** Packages whose new version runs only after a reboot. */
const needsReboot = (name: string) => isKernel(name) || name === 'snapd' || name === 'openssl'

/** Runs one step on one node, as documents/scripts would, and says what it printed. */
export function applyStep(node: FleetNode, step: string, input: StepInput): StepRun {
  const { changeId } = input
  const run = (ok: boolean, exitCode: number, more: Readonly<Record<string, unknown>>): StepRun => ({
    exitCode,
    result: { schemaVersion: 1, step, changeId, ok, exitCode, ...factsOf(node, input.packages), ...more },
  })
  const done = (more: Readonly<Record<string, unknown>> = {}) => run(true, 0, more)
  const failed = (reason: string, exitCode = 1) => run(false, exitCode, { reason })
  if (isAgentOld(node.agentVersion)) return failed('parameters-missing')
  if (input.fault === 'transient-failure') return failed('package-manager-locked')
  if (input.fault === 'permanent-failure') return failed('dependency-check', 2)
  if (node.platformType === 'Windows') return applyWindowsStep(node, step, input)
  switch (step) {
    case 'precheck':
      if (node.rebootPending) return failed('reboot-pending')
      return done({ diskFreeMegabytes: 8_000, packageManagerLocked: false, load1: 0.2 })
    case 'restore-point':
      return done({ kernel: node.runningKernel, available: availableOn(node, input.packages) })
    case 'install':
    case 'rollback':
      if (input.fault !== 'lying-success') change(node, step, input)
      return done({ rebootRequired: node.rebootPending })
    case 'reboot':
      return done(reboot(node, input.newBootId()))
    case 'verify':
      return done({ serviceHealthy: isHealthy(node), services: isHealthy(node) ? {} : { 'app.service': 'failed' } })
    case 'collect':
      return collect(node, changeId, done)
    default:
      return failed('unknown-step')
  }
}

type Order = 'equal' | 'newer' | 'older' | 'absent' | 'unknown'

/** How an installed version stands to the wanted one, in the order of the node's package manager. */
function orderOf({ platformName }: FleetNode, installed: string | undefined, version: string): Order {
  if (installed === undefined) return 'absent'
  if (installed === version) return 'equal'
  const order = compareVersions(/ubuntu|debian/i.test(platformName) ? 'deb' : 'rpm', installed, version)
  if (order === 0) return 'equal'
  return order > 0 ? 'newer' : 'older'
}

/** The counts of a result: how the node stands to what was asked. */
function versionsTold(node: FleetNode, packages: string) {
  const items = wanted(packages)
  const counts = { asked: items.length, equal: 0, newer: 0, older: 0, absent: 0, unknown: 0 }
  for (const [name, version] of items) counts[orderOf(node, versionOn(node, name), version)]++
  return counts
}

const factsOf = (node: FleetNode, packages: string) => ({
  ...(node.platformType === 'Windows' ? {} : { versions: versionsTold(node, packages) }),
  installed: versionsOn(
    node,
    wanted(packages).map(([name]) => name),
  ),
  bootId: node.bootId,
  agentVersion: node.agentVersion,
  rebootPending: node.rebootPending,
  runningKernel: node.runningKernel,
  installedKernel: node.installedKernel,
})

const availableOn = (node: FleetNode, packages: string) =>
  Object.fromEntries(
    wanted(packages).flatMap(([name]) =>
      versionOn(node, name) === undefined ? [] : [[name, !isKernel(name) && !node.versionsGone?.includes(name)]],
    ),
  )

function change(node: FleetNode, step: string, { packages, nowMs, fault }: StepInput) {
  for (const [name, version] of wanted(packages)) {
    const installed = versionOn(node, name)
    if (installed === version) continue
    // An install never adds a package; a rollback puts back what the patch took away.
    if (installed === undefined && step === 'install') continue
    // No install takes a newer version back: the real managers' word is in test/hosts/recorded.
    if (installed !== undefined && step === 'install' && orderOf(node, installed, version) === 'newer') continue
    node.packages[name] = version
    node.changedAtMs = nowMs
    if (name.startsWith('linux-image') || name === 'kernel') node.installedKernel = version
    if (needsReboot(name)) node.rebootPending = true
  }
  if (step === 'rollback') node.isHealthy = true
  if (fault === 'service-down') node.isHealthy = false
}

function reboot(node: FleetNode, bootId: string) {
  const bootIdBefore = node.bootId
  node.bootId = bootId
  node.runningKernel = node.installedKernel
  node.rebootPending = false
  const { rebootPending, runningKernel } = node
  return { bootIdBefore, bootId, rebootPending, runningKernel }
}
