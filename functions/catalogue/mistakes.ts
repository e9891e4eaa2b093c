/** Mistakes of meaning that a schema cannot see: unknown names, circles, impossible limits, unreadable times. */
import { Temporal } from 'temporal-polyfill'
import { findCycle } from '../kit/graph.ts'
import { calendarMistakes } from './calendar-mistakes.ts'
import type { Catalogue } from './catalogue.ts'
import { type Mistake, type Path, unknown } from './mistake.ts'
import type { Policy } from './policy.ts'

/** The author of Drydock's own rollback plans; a person with this id could review their own plan. */
export const ownName = 'drydock'

/** @param nowMs if given, calendars are expanded from then on. */
export function catalogueMistakes(catalogue: Catalogue, nowMs?: number): Mistake[] {
  const names = catalogue.services.map(({ name }) => name)
  const people = catalogue.people.map(({ id }) => id)
  return [
    ...repeated(names).map((index) => ({
      path: ['services', index, 'name'],
      message: `service "${names[index]}" is declared twice`,
    })),
    ...catalogue.services.flatMap((service, index) => serviceMistakes(service, ['services', index], { names, people })),
    ...peopleMistakes(catalogue),
    ...catalogue.conflicts.flatMap(([left, right], index) =>
      left === right ? [{ path: ['conflicts', index], message: `${left} cannot be in conflict with itself` }] : [],
    ),
    ...catalogue.freezes.flatMap((freeze, index) => freezeMistakes(freeze, ['freezes', index], names)),
    ...calendarMistakes(catalogue, nowMs),
    ...repeatedNames('freezes', catalogue.freezes),
    ...repeatedNames('calendars', catalogue.calendars),
    ...cycleOf(catalogue),
  ]
}

const repeated = (values: readonly string[]) =>
  values.flatMap((value, index) => (values.indexOf(value) === index ? [] : [index]))

const repeatedNames = (list: string, entries: readonly { readonly name: string }[]): Mistake[] =>
  repeated(entries.map(({ name }) => name)).map((index) => ({
    path: [list, index, 'name'],
    message: 'this name is used twice',
  }))

function serviceMistakes(
  service: Catalogue['services'][number],
  path: Path,
  { names, people }: { readonly names: readonly string[]; readonly people: readonly string[] },
): Mistake[] {
  return [
    ...service.dependsOn.flatMap((name, index) => unknown('service', name, names, [...path, 'dependsOn', index])),
    ...unknown('person', service.owner, people, [...path, 'owner']),
    ...(service.steward === undefined ? [] : unknown('person', service.steward, people, [...path, 'steward'])),
    ...(['minimumHealthy', 'minimumHealthyPerZone'] as const).flatMap((key) =>
      service[key] === '100%'
        ? [
            {
              path: [...path, key],
              message: 'minimum healthy 100 % lets no host go down, so no patch could ever be installed',
            },
          ]
        : [],
    ),
    ...repeated(service.rings.map(({ name }) => name)).map((index) => ({
      path: [...path, 'rings', index, 'name'],
      message: 'this ring is declared twice',
    })),
    ...repeated(service.rings.map(({ stage }) => stage)).map((index) => ({
      path: [...path, 'rings', index, 'stage'],
      message: 'two rings take their hosts from this stage, so its hosts would be patched twice',
    })),
    ...service.rings.flatMap(({ isCanary }, index) =>
      isCanary && service.probes.length + service.rollbackCriteria.metrics.length === 0
        ? [
            {
              path: [...path, 'rings', index, 'isCanary'],
              message: `a canary of ${service.name} could never be judged: give the service a metric in rollbackCriteria or a probe`,
            },
          ]
        : [],
    ),
    ...service.windows.flatMap(({ timeZone }, index) =>
      isTimeZone(timeZone)
        ? []
        : [
            {
              path: [...path, 'windows', index, 'timeZone'],
              message: `"${timeZone}" is not a time zone; give an IANA name, e.g. Europe/Berlin`,
            },
          ],
    ),
  ]
}

/** B30: one human has one id, so an address listed for two people would give them two votes. */
function peopleMistakes({ people }: Catalogue): Mistake[] {
  const addresses = people.flatMap(({ email, aliases }, index) => [
    { path: ['people', index, 'email'], address: email.toLowerCase() },
    ...aliases.map((alias, position) => ({
      path: ['people', index, 'aliases', position],
      address: alias.toLowerCase(),
    })),
  ])
  return [
    ...repeated(people.map(({ id }) => id)).map((index) => ({
      path: ['people', index, 'id'],
      message: 'this id is used twice',
    })),
    ...people.flatMap(({ id }, index) =>
      id === ownName ? [{ path: ['people', index, 'id'], message: `"${ownName}" is reserved for Drydock itself` }] : [],
    ),
    ...repeated(addresses.map(({ address }) => address)).map((index) => ({
      path: addresses[index]?.path ?? ['people'],
      message: 'this address is used twice',
    })),
  ]
}

function freezeMistakes(freeze: Catalogue['freezes'][number], path: Path, names: readonly string[]): Mistake[] {
  const unread = (['start', 'end'] as const).filter((key) => instantOf(freeze[key]) === undefined)
  const isBackwards = unread.length === 0 && !isBefore(freeze.start, freeze.end)
  return [
    ...freeze.services.flatMap((name, index) => unknown('service', name, names, [...path, 'services', index])),
    ...unread.map((key) => ({
      path: [...path, key],
      message: `"${freeze[key]}" is not an instant; give ISO 8601 with offset, e.g. 2026-12-24T00:00:00+01:00`,
    })),
    ...(isBackwards ? [{ path: [...path, 'end'], message: 'the freeze ends before it starts' }] : []),
  ]
}

function instantOf(text: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(text)
  } catch {
    return undefined
  }
}

function isBefore(left: string, right: string): boolean {
  const [one, other] = [instantOf(left), instantOf(right)]
  return one !== undefined && other !== undefined && Temporal.Instant.compare(one, other) < 0
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

function cycleOf(catalogue: Catalogue): Mistake[] {
  const cycle = findCycle(new Map(catalogue.services.map(({ name, dependsOn }) => [name, dependsOn])))
  return cycle
    ? [
        {
          path: ['services', catalogue.services.findIndex(({ name }) => name === cycle[0]), 'dependsOn'],
          message: `services depend on each other in a circle: ${cycle.join(' -> ')}`,
        },
      ]
    : []
}

export function policyMistakes(policy: Policy): Mistake[] {
  return Object.entries(policy.approvals).flatMap(([changeClass, quorum]) => {
    if (quorum === undefined) return []
    const { remindAfterSeconds, escalateAfterSeconds, deadlineSeconds } = quorum
    const mistake = (key: keyof typeof quorum, message: string) => ({ path: ['approvals', changeClass, key], message })
    return [
      ...(escalateAfterSeconds >= deadlineSeconds
        ? [
            mistake(
              'escalateAfterSeconds',
              `escalation after ${escalateAfterSeconds} s never comes before the deadline of ${deadlineSeconds} s`,
            ),
          ]
        : []),
      ...(remindAfterSeconds >= escalateAfterSeconds
        ? [
            mistake(
              'remindAfterSeconds',
              `a reminder after ${remindAfterSeconds} s never comes before the escalation after ${escalateAfterSeconds} s`,
            ),
          ]
        : []),
    ]
  })
}
