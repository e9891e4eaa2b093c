/** What each document does to a simulated node, and the one JSON document that it prints. */
import type { Fault } from './faults.ts'
import type { FleetNode } from './fleet.ts'

export interface StepRun {
  readonly exitCode: number
  readonly result: Readonly<Record<string, unknown>>
}

export interface StepInput {
  /** `name=version` items. */
  readonly packages: string
  readonly changeId: string
  readonly fault: Fault['fault'] | undefined
  readonly nowMs: number
  readonly newBootId: () => string
}

const wanted = (packages: string) =>
  packages
    .split(' ')
    .filter((item) => item !== '')
    .map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)] as const)

/** Packages whose new version runs only after a reboot. */
const needsReboot = (name: string) =>
  name.startsWith('linux-') || name.startsWith('kernel') || name === 'snapd' || name === 'openssl'

export function applyStep(node: FleetNode, step: string, input: StepInput): StepRun {
  const facts = () => ({
    installed: Object.fromEntries(
      wanted(input.packages).flatMap(([name]) =>
        node.packages[name] === undefined ? [] : [[name, node.packages[name]]],
      ),
    ),
    bootId: node.bootId,
    agentVersion: node.agentVersion,
    rebootPending: node.rebootPending,
    runningKernel: node.runningKernel,
    installedKernel: node.installedKernel,
  })
  const done = (result: Readonly<Record<string, unknown>> = {}): StepRun => ({
    exitCode: 0,
    result: { schemaVersion: 1, step, changeId: input.changeId, ok: true, exitCode: 0, ...facts(), ...result },
  })
  const failed = (reason: string, exitCode = 1): StepRun => ({
    exitCode,
    result: { schemaVersion: 1, step, changeId: input.changeId, ok: false, exitCode, reason, ...facts() },
  })
  if (input.fault === 'transient-failure') return failed('package-manager-locked', 1)
  if (input.fault === 'permanent-failure') return failed('dependency-check', 2)
  switch (step) {
    case 'precheck':
      return done({ diskFreeMegabytes: 8_000, packageManagerLocked: false, load1: 0.2 })
    case 'restore-point':
      return done({ available: Object.fromEntries(wanted(input.packages).map(([name]) => [name, true])) })
    case 'install':
    case 'rollback':
      if (input.fault !== 'lying-success') install(node, input)
      return done({ rebootRequired: node.rebootPending })
    case 'reboot':
      node.bootId = input.newBootId()
      node.runningKernel = node.installedKernel
      node.rebootPending = false
      return done()
    case 'verify':
      return done({ serviceHealthy: true })
    default:
      return done({ files: 3 })
  }
}

function install(node: FleetNode, { packages, nowMs }: StepInput) {
  for (const [name, version] of wanted(packages)) {
    if (node.packages[name] === undefined || node.packages[name] === version) continue
    node.packages[name] = version
    node.changedAtMs = nowMs
    if (name.startsWith('linux-image')) node.installedKernel = version
    if (needsReboot(name)) node.rebootPending = true
  }
}
