/** Pages and verbs on a hub of a million findings: what each asks of the table, and what it answers. */
import { execFileSync } from 'node:child_process'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { answerFrom, askPage, askVerb, consoleOf, type Taken } from './pages-asked.ts'
import { hubOf } from './pages-hub.ts'
import { type Asking, furtherPages, pageRows, verbRows } from './pages-rows.ts'
import { type Bench, type BenchRow, median } from './table.ts'

/** The goal for any page or verb. */
const goal = { queries: 3, bytes: 1_000_000, characters: 100_000, ms: 300 } as const
const rounds = 5

const environment = {
  DRYDOCK_TABLE: 'ledger',
  DRYDOCK_EVIDENCE_BUCKET: 'evidence',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
}

/** What it takes, with the median of its times after a first call. */
async function takenBy({ isFile }: Asking, ask: () => Promise<Taken>, forget: () => unknown): Promise<Taken> {
  const first = await ask()
  const times: number[] = isFile ? [first.ms] : []
  for (let round = 0; round < rounds && !isFile; round++) {
    forget()
    times.push((await ask()).ms)
  }
  return { ...first, ms: median(times) }
}

function rowsOf({ name, isFile }: Asking, taken: Taken): BenchRow[] {
  const bound = isFile ? {} : { goalRatioMax: 1 }
  const against = isFile ? 'the goal for a page; this is a file' : 'the goal'
  return [
    { what: `${name}: queries`, ours: taken.queries, peer: goal.queries, unit: '', against, ...bound },
    { what: `${name}: read`, ours: taken.bytes / 1000, peer: goal.bytes / 1000, unit: 'kB', against, ...bound },
    {
      what: `${name}: answered`,
      ours: taken.characters / 1000,
      peer: goal.characters / 1000,
      unit: 'kB',
      against,
      ...bound,
    },
    { what: `${name}: in the handler`, ours: taken.ms, peer: goal.ms, unit: 'ms', against, ...bound },
  ]
}

async function askAll(hosts: number): Promise<BenchRow[]> {
  const hub = hubOf({ findings: 1_000_000, changes: 10_000, nodes: 100_000, hosts })
  const dynamo = mockClient(DynamoDBClient)
  answerFrom(hub, dynamo)
  const app = consoleOf()
  // The mock keeps what it answered.
  const forget = () => dynamo.resetHistory()
  const rows: BenchRow[] = []
  try {
    for (const row of [...Object.values(pageRows), ...furtherPages])
      rows.push(
        ...rowsOf(
          { ...row, name: `page ${row.name}` },
          await takenBy(row, () => askPage(app, row.address, hub), forget),
        ),
      )
    for (const row of Object.values(verbRows))
      rows.push(
        ...rowsOf({ ...row, name: `drydock ${row.name}` }, await takenBy(row, () => askVerb(row.words, hub), forget)),
      )
  } finally {
    dynamo.restore()
  }
  return rows
}

/** The rows for a change of so many hosts, in a process whose environment names the table. */
function rowsFor(hosts: number): BenchRow[] {
  const answer = execFileSync(process.execPath, [import.meta.filename, String(hosts)], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  })
  return JSON.parse(answer)
}

export function benchPages(): Bench[] {
  return [100, 10_000].map((hosts) => ({
    title: `Pages: 1,000,000 findings, 10,000 changes, 100,000 nodes, a change of ${hosts.toLocaleString('en')} hosts`,
    command: 'npm run bench -- pages',
    rows: rowsFor(hosts),
    notes: [
      'The table answers as DynamoDB does, in pages of 1 MB; lists are made as they are read, so a million findings take no memory. Time is that of the handler and of this table, which packs each item as it is read, without the network.',
    ],
  }))
}

if (import.meta.main) process.stdout.write(JSON.stringify(await askAll(Number(process.argv[2]))))
