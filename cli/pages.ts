/** Verbs that list show one page; the next begins where it ended. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Page } from '../functions/kit/list-page.ts'
import { say } from './output.ts'

/** Records of a page unless `--limit` says otherwise. */
export const pageDefault = 100
/** Keeps a page below a megabyte read. */
const pageMax = 500

/** Options of a verb that lists. */
export interface PageOptions {
  readonly limit: number
  readonly after?: string
}

/** Adds `--limit` and `--after`. */
export const addPages = (verb: Command): Command =>
  verb
    .option('--limit <n>', `a page of at most this many, ${pageMax} at most`, limit, pageDefault)
    .option('--after <next>', 'the page after: what "next" of the page before says')

/** A page as JSON: `next` where there is another. */
export const nextOf = ({ next }: Pick<Page<unknown>, 'next'>) => (next === undefined ? {} : { next })

/** Says that there are more, and how to see them. */
export function sayMore({ next }: Pick<Page<unknown>, 'next'>): void {
  if (next !== undefined) say(`there are more: --after '${next}'`)
}

function limit(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > pageMax)
    throw new InvalidArgumentError(`expected a whole number from 1 to ${pageMax}`)
  return value
}
