import { describe, expect, it } from 'vitest'
import { findCycle } from '../../functions/kit/graph.ts'
import { folders, rooms } from '../../tools/rooms.ts'
import { filesUnder, importsOf, type SourceFile } from './source-files.ts'

const flow = rooms.map(({ name }) => name)

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
  const only = rooms.find(({ name }) => name === room)?.only
  if (only && !only.includes(other)) return `${room} imports nothing but ${only.join(', ') || 'itself'}`
  return flow.indexOf(other) < flow.indexOf(room ?? '') ? undefined : `${other} stands after ${room} in the flow`
}

const folderOf = (path: string) => path.split('/')[0] ?? ''

/** What is wrong with an import of one folder of the project in another, if anything. */
function folderFaultOf(path: string, target: string | undefined): string | undefined {
  const [from, to] = [folderOf(path), folderOf(target ?? path)]
  const folder = folders.find(({ name }) => name === from)
  if (target === undefined || from === to || !target.includes('/') || folder?.imports.includes(to)) return undefined
  return `${from} imports nothing of ${to}`
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

  it('every folder imports only the folders it names, and none of them in a circle', () => {
    const faults = filesUnder(
      folders.map(({ name }) => name),
      '.ts',
    ).flatMap((file) =>
      importsOf(file).flatMap(({ specifier, target }) => {
        const fault = folderFaultOf(file.path, target)
        return fault === undefined ? [] : [`${file.path} imports ${specifier}: ${fault}`]
      }),
    )
    expect(faults).toEqual([])
    const edges = new Map(folders.map(({ name, imports }) => [name, imports]))
    expect(findCycle(edges)).toBeUndefined()
  })

  it.each([
    ['local/x.ts', 'cli/output.ts'],
    ['documents/x.ts', 'tools/processes.ts'],
    ['simulator/x.ts', 'local/emulator.ts'],
    ['functions/kit/x.ts', 'simulator/cloud.ts'],
  ])('in %s an import of %s is a fault of folders', (path, target) => {
    expect(folderFaultOf(path, target)).toContain('imports nothing of')
  })

  it.each([
    ['functions/changes/x.ts', '../finding/finding.ts', 'offers its index.ts'],
    ['functions/changes/x.ts', '../planning/index.ts', 'stands after changes'],
    ['functions/scheduling/x.ts', '../changes/index.ts', 'nothing but kit'],
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
