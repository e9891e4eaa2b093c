import { describe, expect, it } from 'vitest'
import { codeOf, filesUnder, lineOf, type SourceFile } from './source-files.ts'

/** Names that once meant several things at a time. Each may be declared at the top of one file; elsewhere it says whose. */
const oneMeaning = [
  'Ballot',
  'Change',
  'Finding',
  'Hold',
  'HoldReason',
  'Lease',
  'Outcome',
  'Plan',
  'Question',
  'Ring',
  'Standing',
  'Step',
  'Stop',
  'countOf',
  'evidenceBy',
  'evidenceOf',
  'factsOf',
  'inParallel',
  'itemsOf',
  'nextStep',
  'outcomeOf',
  'packagesOf',
  'retried',
  'standing',
  'standingOf',
  'stepsOf',
  'textOf',
] as const

/** Where a name is declared at the top of a file; a schema and its type are one. */
function declaredIn({ path, text }: SourceFile): { readonly name: string; readonly place: string }[] {
  const code = codeOf(text)
  const found = code.matchAll(/^(?:export )?(?:async )?(?:const|function|class|interface|type) (\w+)/gm)
  const places = new Map(
    [...found].toReversed().map(({ index, 1: name = '' }) => [name, `${path}:${lineOf(code, index)}`]),
  )
  return [...places].map(([name, place]) => ({ name, place }))
}

/** Names of the list that more than one file declares. */
function ambiguous(files: readonly SourceFile[], names: readonly string[]): string[] {
  const places = Map.groupBy(files.flatMap(declaredIn), ({ name }) => name)
  return names.flatMap((name) => {
    const found = places.get(name) ?? []
    return found.length > 1 ? [`${name}: ${found.map(({ place }) => place).join(', ')}`] : []
  })
}

describe('names', () => {
  it('that stand for one idea are declared once in the rooms', () => {
    expect(ambiguous(filesUnder(['functions'], '.ts'), oneMeaning)).toEqual([])
  })

  it('a second declaration is a fault, and a type beside its schema is none', () => {
    const ring = { path: 'functions/rollout/ring.ts', text: 'export const Ring = z.object({})\nexport type Ring = X\n' }
    expect(ambiguous([ring], ['Ring'])).toEqual([])
    expect(ambiguous([ring, { path: 'functions/x/y.ts', text: '\ninterface Ring {}\n' }], ['Ring'])).toEqual([
      'Ring: functions/rollout/ring.ts:1, functions/x/y.ts:2',
    ])
  })
})
