/**
 * The fuzzing run: generated findings by the grammar of the scanners, with hostile texts in them, from delivery to decision.
 *
 * `npm run fuzz -- COUNT [SEED]` follows at least COUNT findings, 1,000,000 of them when nothing is said. A failure prints
 * the smallest delivery that shows it, and the seed that makes it again.
 */
import fc from 'fast-check'
import { anyDelivery, type Delivery } from './any-delivery.ts'
import { emptyTally, follow, followPorts, type Tally } from './follow.ts'

/** Deliveries that share a ledger: enough for copies to meet, few enough to stay small. */
const deliveriesPerLedger = 250

/** @throws the counterexample, shrunk, of the first delivery that loses a finding or lets harm through. */
export async function fuzz(countMin: number, seed: number, onChunk: (tally: Tally) => void = () => undefined) {
  const tally = emptyTally()
  for (let chunk = 0; tally.records < countMin; chunk++) {
    let ports = followPorts()
    let deliveries = 0
    const property = fc.asyncProperty(anyDelivery, async (delivery) => {
      if (deliveries++ % deliveriesPerLedger === 0) ports = followPorts()
      await follow(delivery, ports, tally)
    })
    const numRuns = Math.min(1_000, Math.max(1, Math.ceil((countMin - tally.records) / 2)))
    const run = await fc.check(property, { seed: seed + chunk, numRuns })
    if (run.failed)
      throw new Error(describeFailure(run.counterexample?.[0], seed + chunk), { cause: run.errorInstance })
    onChunk(tally)
  }
  return tally
}

const describeFailure = (delivery: Delivery | null | undefined, seed: number) =>
  `made again by seed ${seed}: ${delivery?.door} ${delivery?.text.slice(0, 4_000)}`

const number = (value: number) => value.toLocaleString('en')

export function describeTally({ records, items, recorded, merged, refused, parameters }: Tally): string {
  const refusals = [...refused].sort(([, left], [, right]) => right - left)
  const sum = refusals.reduce((total, [, count]) => total + count, 0)
  return [
    `${number(records)} findings generated, ${number(items)} outcomes: none lost, nothing thrown`,
    `  ${number(recorded)} recorded, ${number(merged)} merged, ${number(sum)} refused with a reason`,
    ...refusals.map(([code, count]) => `    ${code} ${number(count)}`),
    `  ${number(parameters)} document parameters made, none with a character that a shell reads`,
  ].join('\n')
}

if (import.meta.main) {
  const [count = '1000000', seed = '20261125'] = process.argv.slice(2)
  if (!/^\d{1,9}$/.test(count) || !/^\d{1,9}$/.test(seed)) {
    process.stderr.write('usage: npm run fuzz -- [COUNT] [SEED]\n')
    process.exit(64)
  }
  const startMs = performance.now()
  let shownAt = 0
  const tally = await fuzz(Number(count), Number(seed), ({ records }) => {
    if (records - shownAt < 50_000) return
    shownAt = records
    process.stderr.write(`${number(records)} of ${number(Number(count))}\n`)
  })
  const seconds = Math.round((performance.now() - startMs) / 1000)
  process.stdout.write(`${describeTally(tally)}\nseed ${seed}, ${seconds} s\n`)
}
