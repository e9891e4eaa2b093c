/**
 * What each document does to a simulated Windows node: the patch baseline installs what an override list names, and the
 * reboot makes it count.
 */
import { collect } from './collect.ts'
import { type FleetNode, isHealthy, versionOn, versionsOn } from './model.ts'
import type { StepInput, StepRun } from './step-run.ts'

/** Exit code for an unavailable list; the document stops before it prints a result. */
const listMissing: StepRun = { exitCode: 153, result: {} }

/** Runs one step on one Windows node, as documents/scripts/windows would. */
export function applyWindowsStep(
  node: FleetNode,
  step: string,
  { packages, changeId, fault, nowMs, newBootId, listed }: StepInput,
): StepRun {
  const asked = packages.split(' ').flatMap((item) => (item === '' ? [] : [item.slice(0, item.indexOf('='))]))
  const run = (ok: boolean, more: Readonly<Record<string, unknown>>): StepRun => ({
    exitCode: ok ? 0 : 1,
    result: { schemaVersion: 1, step, changeId, ok, exitCode: ok ? 0 : 1, ...factsOf(node, asked), ...more },
  })
  switch (step) {
    case 'precheck':
      if (node.rebootPending) return run(false, { reason: 'reboot-pending' })
      return run(true, { diskFreeMegabytes: 20_000, packageManagerLocked: false })
    case 'restore-point':
      return run(true, { kernel: node.runningKernel, available: Object.fromEntries(asked.map((one) => [one, false])) })
    case 'install': {
      if (!listed) return listMissing
      if (fault !== 'lying-success') install(node, listed, nowMs)
      if (fault === 'service-down') node.isHealthy = false
      const missing = asked.some((update) => versionOn(node, update) === undefined)
      if (missing && !node.rebootPending) return run(false, { reason: 'version-not-reached', rebootRequired: false })
      return run(true, { rebootRequired: node.rebootPending })
    }
    case 'reboot': {
      const bootIdBefore = node.bootId
      reboot(node, newBootId())
      return run(true, { bootIdBefore })
    }
    case 'verify':
      return run(true, { serviceHealthy: isHealthy(node), services: isHealthy(node) ? {} : { W3SVC: 'failed' } })
    case 'collect':
      return collect(node, changeId, (more) => run(true, more))
    default:
      return run(false, { reason: 'unknown-step' })
  }
}

const factsOf = (node: FleetNode, asked: readonly string[]) => ({
  installed: versionsOn(node, asked),
  bootId: node.bootId,
  agentVersion: node.agentVersion,
  rebootPending: node.rebootPending,
  runningKernel: node.runningKernel,
  installedKernel: node.runningKernel,
})

/** Only what applies to the node, and only what is not there yet; it waits for the reboot. */
function install(node: FleetNode, listed: readonly string[], nowMs: number) {
  const offered = node.updatesOffered ?? listed
  const taken = listed.filter((update) => offered.includes(update) && versionOn(node, update) === undefined)
  if (taken.length === 0) return
  node.updatesPending = [...new Set([...(node.updatesPending ?? []), ...taken])]
  node.rebootPending = true
  node.changedAtMs = nowMs
}

function reboot(node: FleetNode, bootId: string) {
  for (const update of node.updatesPending ?? []) node.packages[update] = 'installed'
  if ((node.updatesPending ?? []).length > 0) node.runningKernel = nextBuild(node.runningKernel)
  node.installedKernel = node.runningKernel
  node.updatesPending = []
  node.rebootPending = false
  node.bootId = bootId
}

/** `10.0.17763.5329` -> `10.0.17763.5330` */
const nextBuild = (build: string) => build.replace(/\d+$/, (revision) => String(Number(revision) + 1))
