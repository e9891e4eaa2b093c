/** Writes the generated parts of the documentation: `npm run docs`. A house test says when they are stale. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostCaseTable, reasonTable, signatureTable } from './host-tables.ts'
import { projectRoot } from './processes.ts'
import { folders, rooms } from './rooms.ts'

/** Text between `<!-- name -->` and `<!-- /name -->` of a Markdown file. */
export interface GeneratedPart {
  readonly file: string
  readonly name: string
  readonly text: string
}

const inCode = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

/** The rooms that the modules of a room import today, in the order of the flow. */
function importedBy(room: string): string[] {
  const folder = join(projectRoot, 'functions', room)
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
  return rooms
    .map(({ name }) => name)
    .filter((name) => name !== room && texts.some((text) => new RegExp(`from '(?:\\.\\./)+${name}/`).test(text)))
}

function roomTable(): string {
  const rows = rooms.map(({ name, does }) => {
    const imported = importedBy(name)
    return `| \`${name}\` | ${does} | ${inCode(imported) || 'nothing of ours'} |`
  })
  return ['| Room | Does | Imports |', '| --- | --- | --- |', ...rows].join('\n')
}

function folderTable(): string {
  const rows = folders.map(({ name, does, imports }) => `| \`${name}\` | ${does} | ${inCode(imports) || 'none'} |`)
  return ['| Folder | Holds | May import |', '| --- | --- | --- |', ...rows].join('\n')
}

/** Every generated part, as it should stand now. */
export const generatedParts = (): readonly GeneratedPart[] => [
  { file: 'ARCHITECTURE.md', name: 'rooms', text: roomTable() },
  { file: 'ARCHITECTURE.md', name: 'folders', text: folderTable() },
  { file: 'docs/documents.md', name: 'reasons', text: reasonTable() },
  { file: 'docs/documents.md', name: 'signatures', text: signatureTable() },
  { file: 'docs/documents.md', name: 'cases', text: hostCaseTable() },
]

const between = (name: string) => new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`)

/** Whether a file holds the part as it should stand; a missing marker counts as stale. */
export function isCurrent({ file, name, text }: GeneratedPart): boolean {
  const found = between(name).exec(readFileSync(join(projectRoot, file), 'utf8'))
  return found !== null && found[0] === `${found[1] ?? ''}${text}${found[2] ?? ''}`
}

if (import.meta.main) {
  for (const part of generatedParts()) {
    const path = join(projectRoot, part.file)
    const text = readFileSync(path, 'utf8')
    if (!between(part.name).test(text))
      throw new Error(`${part.file} has no <!-- ${part.name} --> ... <!-- /${part.name} -->`)
    writeFileSync(
      path,
      text.replace(between(part.name), (_, start: string, end: string) => `${start}${part.text}${end}`),
    )
  }
}
