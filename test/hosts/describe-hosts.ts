/** The cases on the hosts of one manager: promises are checked, results are compared with what was recorded. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureReasons } from '../../functions/rollout/index.ts'
import { hostCases, isCaseOf } from './cases.ts'
import type { HostCase, Manager } from './contract.ts'
import { managerSetups } from './managers.ts'
import { RealHosts } from './real-hosts.ts'
import { type CaseRun, difference, runCase } from './run-case.ts'
import { whyNoHosts } from './world.ts'

const isRecording = process.env.DRYDOCK_RECORD === '1'

function recordedFile(manager: Manager, id: string) {
  return new URL(`recorded/${manager}/${id}.json`, import.meta.url)
}

type Check = (one: HostCase, run: CaseRun, items: (item: string) => readonly string[]) => string[]

/** What was promised and did not come true. */
export const broken: Check = ({ promises }, run, items) => {
  const result = (index: number): Readonly<Record<string, unknown>> =>
    JSON.parse(run.runs[index]?.stdout.split('\n')[0] || '{}')
  return promises.flatMap((promised) => {
    if (promised === 'identical') return difference(run.before, run.after)
    if ('ends' in promised)
      return promised.ends
        .split(' ')
        .flatMap((item) => items(item))
        .filter((item) => {
          const [name = '', version = ''] = item.split(/=(.*)/)
          return !run.after.packages.some((one) => one.startsWith(`${name} `) && `${one} `.includes(` ${version} `))
        })
    const told = result(promised.step)
    if ('told' in promised)
      return Object.entries(promised.told).flatMap(([key, value]) =>
        isDeepStrictEqual(told[key], value) ? [] : [`step ${promised.step}: ${key} is ${JSON.stringify(told[key])}`],
      )
    const { ok, reason } = told
    const hasCome = 'reason' in promised ? reason === promised.reason : ok === promised.ok
    return hasCome ? [] : [`${JSON.stringify(promised)}, but it said ok ${String(ok)}, ${String(reason)}`]
  })
}

/** What every step said, for whoever reads a failure. */
export const spoken = ({ runs }: CaseRun) =>
  runs
    .map((one, at) =>
      one ? `--- ${at}: ended with ${one.code}\n${one.stdout.slice(0, 2_500)}\n${one.stderr.slice(-3_000)}` : '',
    )
    .join('\n')

/** Defines the tests of a manager; says loudly where they cannot run, and fails there in CI. */
export function describeHosts(manager: Manager) {
  const why = whyNoHosts(['unshare', 'nsenter', 'dpkg-deb', 'apt-get'])
  const cases = hostCases.filter((one) => isCaseOf(one, manager))
  describe.skipIf(why !== undefined && process.env.CI === undefined)(
    `5.1 7.2 real hosts: ${manager}`,
    { concurrent: true },
    () => {
      let hosts: RealHosts
      beforeAll(async () => {
        if (why !== undefined) throw new Error(`no ${manager} hosts here: ${why}`)
        hosts = await RealHosts.open(managerSetups[manager])
      })
      afterAll(async () => {
        await hosts?.close()
      })
      it.each(cases.map((one) => [one.isCore ? 'core' : 'more', one.title, one] as const))(
        '%s: %s',
        async (_, __, one) => {
          const host = await hosts.host(one)
          try {
            const run = await runCase(one, host)
            expect(
              broken(one, run, (item) => host.item(item)),
              spoken(run),
            ).toEqual([])
            if (isRecording) keepWords(manager, one, run)
            compare(manager, one.id, run)
          } finally {
            await host.remove()
          }
        },
      )
    },
  )
  if (why !== undefined) process.stderr.write(`\n*** the tests on real ${manager} hosts DID NOT RUN: ${why} ***\n\n`)
}

/** Keeps the real words of each failure whose reason the table of signatures has, for the tests of the table. */
export function keepWords(manager: Manager, { id, promises }: HostCase, { runs }: CaseRun) {
  for (const promised of promises) {
    const ran = typeof promised === 'object' && 'reason' in promised ? runs[promised.step] : undefined
    if (!ran) continue
    const { reason, exitCode } = JSON.parse(ran.stdout.split('\n')[0] || '{}')
    if (!Object.hasOwn(failureReasons, String(reason))) continue
    const place = new URL('../fixtures/managers/', import.meta.url)
    mkdirSync(place, { recursive: true })
    const text = ran.stderr
      .split('\n')
      .filter((line) => !/setlocale|^Last metadata|kB\/s|^Get:|^Hit:/.test(line))
      .join('\n')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'mirror')
      .slice(-3_000)
    const kept = { manager, code: exitCode, reason, text }
    writeFileSync(new URL(`${manager}-${id}.json`, place), `${JSON.stringify(kept, null, 2)}\n`)
  }
}

function compare(manager: Manager, id: string, { steps }: CaseRun) {
  const file = recordedFile(manager, id)
  if (isRecording) {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(steps, null, 2)}\n`)
  }
  expect(existsSync(file)).toBe(true)
  expect(steps).toEqual(JSON.parse(readFileSync(file, 'utf8')))
}
