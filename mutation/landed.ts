/** What landed lately, from git's history, and the targets that it touches. */
import { execFileSync } from 'node:child_process'
import { type Target, targetsTouchedBy } from './targets.ts'

const linesOf = (root: string, args: readonly string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')

/** The files that differ from a commit, committed or not. */
export const filesChangedSince = (root: string, base: string): readonly string[] =>
  linesOf(root, ['diff', '--name-only', base, '--'])

/**
 * The files of each of the last commits along the first parent, the newest first: a merge counts as one commit and brings
 * all that it merged. A commit without its parent, as a shallow clone ends with, touches everything.
 */
export function filesLanded(root: string, commits: number): readonly (readonly string[])[] {
  const args = ['--first-parent', '--diff-merges=first-parent', '--name-only', '--format=%x00']
  const landed: string[][] = []
  for (const line of linesOf(root, ['log', '-n', String(commits), ...args]).filter((text) => text !== ''))
    if (line === '\0') landed.push([])
    else landed.at(-1)?.push(line)
  return landed
}

/** The targets that these commits touch: those of the newest commit first, within a commit the worst risk first. */
export function targetsLanded(landed: readonly (readonly string[])[]): readonly Target[] {
  const namesOf = landed.map((files) => targetsTouchedBy(files).map(({ name }) => name))
  const ageOf = ({ name }: Target) => namesOf.findIndex((names) => names.includes(name))
  return targetsTouchedBy(landed.flat()).toSorted((left, right) => ageOf(left) - ageOf(right))
}
