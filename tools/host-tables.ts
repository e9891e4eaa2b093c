/** Tables of the docs about hosts: what real package managers did, and how their failures are read. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { signatures } from '../documents/signatures.ts'
import { failureReasons } from '../functions/rollout/index.ts'
import { projectRoot } from './processes.ts'

const managers = ['apt', 'dnf', 'zypper'] as const
const place = join(projectRoot, 'test', 'hosts', 'recorded')
const Cases = z.array(z.strictObject({ id: z.string(), title: z.string() }))
const Steps = z.array(
  z.looseObject({
    step: z.string(),
    told: z.union([z.string(), z.looseObject({ ok: z.boolean(), reason: z.string().optional() })]),
  }),
)

const read = (path: string): unknown => JSON.parse(readFileSync(join(place, path), 'utf8'))
const row = (cells: readonly string[]) => `| ${cells.map((one) => one.replaceAll('|', '\\|')).join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

/** What a manager's recorded run of a case ended with: ok, or the steps that were not. */
function cell(manager: string, id: string): string {
  const file = `${manager}/${id}.json`
  if (!existsSync(join(place, file))) return '-'
  const failed = Steps.parse(read(file)).flatMap(({ step, told }) =>
    typeof told === 'string' || told.ok
      ? []
      : [`${step.replace('Drydock-', '').toLowerCase()}: ${(told.reason ?? 'failed').trim()}`],
  )
  return failed.length === 0 ? 'ok' : [...new Set(failed)].join('; ')
}

/** Case by case, what the documents said on real hosts of each manager; `-` where the case does not apply. */
export const hostCaseTable = (): string =>
  table(
    ['Case', ...managers],
    Cases.parse(read('cases.json')).map(({ id, title }) => [title, ...managers.map((one) => cell(one, id))]),
  )

/** Words and exit codes by which a failure is known, in the order in which they are tried. */
export const signatureTable = (): string =>
  table(
    ['Managers', 'Exit code', 'Words', 'Reason'],
    signatures.map(({ managers: of, exitCodes, pattern, reason }) => [
      of.join(', '),
      exitCodes?.join(', ') ?? 'any',
      pattern === undefined ? 'any' : `\`${pattern}\``,
      `\`${reason}\``,
    ]),
  )

/** Each reason with its class, whether it is tried again, and what to do. */
export const reasonTable = (): string =>
  table(
    ['Reason', 'Class', 'Again?', 'What to do'],
    Object.entries(failureReasons).map(([word, one]) => [
      `\`${word}\``,
      one.class,
      one.isRetried ? 'yes' : 'no',
      one.whatToDo,
    ]),
  )
