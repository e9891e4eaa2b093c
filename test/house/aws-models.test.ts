import { describe, expect, it } from 'vitest'
import { isModelled } from '../../simulator/aws-models/faults-of.ts'
import { filesUnder, type SourceFile } from './source-files.ts'

const imports = /import (?:type )?\{([^}]*)\}\s*from '@aws-sdk\/client-([a-z0-9-]+)'/g
const calls = /\b(?:paginate([A-Z]\w+)|([A-Z]\w+)Command)\b/g

/** The operations that a file imports from the SDK's clients. */
const operationsOf = ({ text }: SourceFile) =>
  [...text.matchAll(imports)].flatMap(([, names = '', service = '']) =>
    [...names.matchAll(calls)].map(([, paged, single]) => ({ service, operation: paged ?? single ?? '' })),
  )

const unmodelled = (file: SourceFile) =>
  operationsOf(file)
    .filter(({ service, operation }) => !isModelled(service, operation))
    .map(({ service, operation }) => `${file.path} calls ${service}.${operation}`)

const freeMocks = (file: SourceFile) =>
  / from '(?:aws-sdk-client-mock)'/.test(file.text) && file.path !== 'test/aws/mock-client.ts' ? [file.path] : []

describe("12.1 AWS's models", () => {
  it('know every operation that is called; tools/aws-models.py adds one', () => {
    const files = filesUnder(['functions', 'cli', 'local', 'infra', 'test'], '.ts')
    expect(files.flatMap(unmodelled)).toEqual([])
    expect(files.flatMap(operationsOf).length).toBeGreaterThan(40)
  })

  it('hold every mock of a client: tests take it from test/aws/mock-client.ts', () => {
    expect(filesUnder(['test'], '.ts').flatMap(freeMocks)).toEqual([])
  })

  it('would show an operation and a mock that escape them', () => {
    const from = (what: string, name: string) => `import { ${what} } ${'from'} '${name}'`
    const text = `${from('CreateOpsItemCommand', '@aws-sdk/client-ssm')}\n${from('mockClient', 'aws-sdk-client-mock')}`
    expect(unmodelled({ path: 'x.ts', text })).toEqual(['x.ts calls ssm.CreateOpsItem'])
    expect(freeMocks({ path: 'x.ts', text })).toEqual(['x.ts'])
  })
})
