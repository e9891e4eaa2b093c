/** The dispatcher in virtual time: makespan against the bound with hindsight, and what a host costs. */
import { burstSeconds } from '../infra/burst.ts'
import { type Rollout, type RolloutOptions, rollOut } from './dispatcher-run.ts'
import { countTransitions } from './dispatcher-transitions.ts'
import type { Bench, BenchRow } from './table.ts'

const seeds: Readonly<Record<number, readonly number[]>> = { 200: [1, 2, 3], 2000: [1], 10000: [1] }

const mean = (values: readonly number[]) =>
  Math.exp(values.reduce((sum, one) => sum + Math.log(one), 0) / values.length)
const meanOf = (runs: readonly Rollout[], of: (run: Rollout) => number) => mean(runs.map(of))

async function runAll(options: Omit<RolloutOptions, 'seed'>): Promise<Rollout[]> {
  const runs: Rollout[] = []
  for (const seed of seeds[options.hosts] ?? [1]) runs.push(await rollOut({ ...options, seed }))
  return runs
}

const makespanRow = (what: string, runs: readonly Rollout[]): BenchRow => ({
  what,
  ours: meanOf(runs, ({ makespanSeconds }) => makespanSeconds),
  peer: meanOf(runs, ({ boundSeconds }) => boundSeconds),
  unit: 's',
  against: `lower bound that knows every duration and failure (${runs.length} seeds)`,
  goalRatioMax: 1.05,
})

function costRows(hosts: number, runs: readonly Rollout[], transitions: number): BenchRow[] {
  const row = (what: string, ours: number, peer: number): BenchRow => ({
    what: `${what} per host, ${hosts} hosts`,
    ours,
    peer,
    unit: '',
    against: 'target for a rollout of 10,000 hosts',
    ...(hosts === 10_000 ? { goalRatioMax: 1 } : {}),
  })
  const perHost = (of: (run: Rollout) => number) => meanOf(runs, of) / hosts
  return [
    row('state transitions of the change, four rings, twelve looks,', transitions / hosts, 0.05),
    row(
      'Lambda calls of the dispatcher',
      perHost(({ lambdaCalls }) => lambdaCalls),
      0.15,
    ),
    row(
      'SendCommand calls',
      perHost(({ sendCommands }) => sendCommands),
      0.3,
    ),
    row(
      'ListCommandInvocations calls',
      perHost(({ listInvocations }) => listInvocations),
      1,
    ),
    {
      ...row(
        'write units of DynamoDB',
        perHost(({ writeUnits }) => writeUnits),
        40,
      ),
      against: 'target for 100 to 10,000 hosts',
      goalRatioMax: 1,
    },
    {
      ...row('bytes of the largest item', Math.max(...runs.map(({ largestItemBytes }) => largestItemBytes)), 100_000),
      what: `bytes of the largest item, ${hosts} hosts`,
    },
    {
      ...row('seconds over', Math.max(...runs.map(({ secondsOver }) => secondsOver)), 0),
      what: `seconds over 1,000 write units on some key, ${hosts} hosts`,
    },
  ]
}

const hindsight =
  'The bound knows each duration and failure beforehand and has no latency. With a tenth of the hosts down at once they go in ten rounds, and unknown durations leave about half a job idle at the end, a twentieth of the whole; with a twentieth down it is half of that. The rest is three round trips of command, event and dispatcher while a host is down, and the seconds in which results are gathered.'
const commandsEach =
  'A host takes five commands, each for up to 50 hosts, so 0.1 SendCommand calls per host is the minimum. SSM is asked for the result of a step on a host each time one ended, because the verdict comes from what the host reports. Lambda calls depend on how long results are gathered: fewer calls, or a shorter rollout.'

/** `--full`: with 10,000 hosts, which takes some minutes. */
export async function benchDispatcher(isFull = process.argv.includes('--full')): Promise<Bench[]> {
  const makespans: BenchRow[] = []
  const costs: BenchRow[] = []
  const noise = 'durations 30 % off'
  for (const hosts of isFull ? [100, 200, 1_000, 2_000, 10_000] : [100, 200, 1_000]) {
    const base = { hosts, unavailablePercent: 10, transientShare: 0.02, permanentShare: 0 }
    const runs = await runAll(base)
    makespans.push(makespanRow(`${hosts} hosts, ${noise}, 2 % fail once`, runs))
    costs.push(...costRows(hosts, runs, await countTransitions(12)))
    if (hosts === 200) {
      const broken = await runAll({ ...base, transientShare: 0, permanentShare: 0.02 })
      makespans.push(makespanRow(`${hosts} hosts, ${noise}, 2 % fail for good`, broken))
      const prompt = await runAll({ ...base, windowSeconds: 0 })
      makespans.push(makespanRow(`${hosts} hosts, ${noise}, 2 % fail once, results not gathered`, prompt))
      const longer = await runAll({ ...base, unavailablePercent: 5 })
      makespans.push(makespanRow(`${hosts} hosts, a twentieth down at once, ${noise}, 2 % fail once`, longer))
    }
  }
  const how = `a tenth down at once, results gathered for ${burstSeconds} s`
  const command = 'npm run bench -- dispatcher --full'
  return [
    { title: `The dispatcher's makespan (${how})`, command, rows: makespans, notes: [hindsight] },
    { title: `What a rollout costs (${how})`, command, rows: costs, notes: [commandsEach] },
  ]
}
