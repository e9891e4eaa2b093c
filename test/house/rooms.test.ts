import { describe, expect, it } from 'vitest'
import { filesUnder, importsOf, type SourceFile } from './source-files.ts'

/** The rooms in the order in which data flows: a room may look back, never ahead. */
const flow = [
  'kit',
  'calendar',
  'finding',
  'evidence',
  'catalogue',
  'inventory',
  'intake',
  'intel',
  'risk',
  'people',
  'changes',
  'outcomes',
  'scheduling',
  'planning',
  'approvals',
  'rollout',
  'validation',
  'rollback',
  'driver',
  'migrations',
  'reporting',
  'console',
]

const sdk = /^(?:node:|@aws-sdk\/|@aws-lambda-powertools\/|@middy\/|aws-cdk-lib|constructs$|ulid$|@hono\/node-server)/

const roomOf = (path: string) => /^functions\/([^/]+)\//.exec(path)?.[1]
const isHandler = (path: string) => /^functions\/[^/]+\/handlers\//.test(path)

/** What is wrong with an import, if anything. */
function faultOf(path: string, specifier: string, target: string | undefined): string | undefined {
  const room = roomOf(path)
  const mayUseRuntime = room === 'aws' || isHandler(path) || path === 'functions/kit/lambda-handler.ts'
  if (target === undefined)
    return !mayUseRuntime && sdk.test(specifier) ? 'a pure module imports no SDK and no runtime' : undefined
  const other = roomOf(target)
  if (other === undefined) return 'functions import functions only'
  if (isHandler(target)) return 'nothing imports a handler'
  if (other === 'aws') return mayUseRuntime ? undefined : 'only handlers build the ports of aws'
  if (target === 'functions/kit/lambda-handler.ts' && !mayUseRuntime) return 'only handlers are Lambdas'
  if (other === 'kit' || other === room) return undefined
  const isOffered = target.endsWith('/index.ts') || (room === 'aws' && target.endsWith('/ports.ts'))
  if (!isOffered) return `${other} offers its index.ts, nothing else`
  if (room === 'aws') return undefined
  if (room === 'kit') return 'kit knows no room'
  return flow.indexOf(other) < flow.indexOf(room ?? '') ? undefined : `${other} stands after ${room} in the flow`
}

const faultsOf = (file: SourceFile) =>
  importsOf(file).flatMap(({ specifier, target }) => {
    const fault = faultOf(file.path, specifier, target)
    return fault === undefined ? [] : [`${file.path} imports ${specifier}: ${fault}`]
  })

describe('rooms', () => {
  const files = filesUnder(['functions'], '.ts')

  it('every room has its place in the flow', () => {
    const rooms = new Set(files.map(({ path }) => roomOf(path) ?? path))
    expect([...rooms].filter((room) => room !== 'aws' && !flow.includes(room))).toEqual([])
  })

  it('no room reaches into another, looks ahead in the flow, or touches the runtime', () => {
    expect(files.flatMap(faultsOf)).toEqual([])
  })

  it('the command line and the infrastructure use nothing of the local cloud but its entrance', () => {
    const faults = filesUnder(['infra'], '.ts').flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => target !== undefined && /^(?:local|cli|test)\//.test(target))
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    )
    expect(faults).toEqual([])
  })

  it.each([
    ['functions/changes/x.ts', '../finding/finding.ts', 'offers its index.ts'],
    ['functions/changes/x.ts', '../planning/index.ts', 'stands after changes'],
    ['functions/changes/x.ts', './handlers/close-change.ts', 'nothing imports a handler'],
    ['functions/changes/x.ts', '../aws/ledger.ts', 'only handlers'],
    ['functions/changes/x.ts', '../kit/lambda-handler.ts', 'only handlers'],
    ['functions/changes/x.ts', '../../simulator/cloud.ts', 'functions only'],
    ['functions/changes/x.ts', 'node:fs', 'no SDK'],
    ['functions/changes/x.ts', '@aws-sdk/client-s3', 'no SDK'],
    ['functions/kit/x.ts', '../finding/index.ts', 'kit knows no room'],
    ['functions/aws/x.ts', '../finding/merge.ts', 'offers its index.ts'],
    ['functions/changes/handlers/x.ts', '../../finding/finding.ts', 'offers its index.ts'],
  ])('in %s an import of %s is a fault', (path, specifier, fault) => {
    expect(faultsOf({ path, text: `import { a } from '${specifier}'` }).join()).toContain(fault)
  })

  it.each([
    ['functions/changes/x.ts', '../finding/index.ts'],
    ['functions/changes/x.ts', 'zod'],
    ['functions/changes/handlers/x.ts', '../../aws/ledger.ts'],
    ['functions/aws/x.ts', '../rollout/ports.ts'],
    ['functions/aws/x.ts', '@aws-sdk/client-s3'],
  ])('in %s an import of %s is none', (path, specifier) => {
    expect(faultsOf({ path, text: `import {\n  a,\n} from '${specifier}'` })).toEqual([])
  })
})
