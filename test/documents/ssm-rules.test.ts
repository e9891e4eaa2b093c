import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { documentContent, documentNames } from '../../documents/index.ts'
import { windowsDocuments } from '../../documents/windows.ts'
import { faultsOf } from '../../simulator/aws-models/faults-of.ts'

const all = Object.entries({
  ...Object.fromEntries(documentNames.map((name) => [name, documentContent(name)])),
  ...windowsDocuments({ bucket: 'drydock-overrides-123456789012', region: 'eu-central-1' }),
})
const patterns = [...new Set(all.flatMap(([, { parameters }]) => Object.values(parameters)))].map(
  ({ allowedPattern }) => allowedPattern,
)

describe("5.1 SSM's own rules", () => {
  it.each(all)('%s is taken by the model of CreateDocument', (Name, content) => {
    const request = { Name, Content: JSON.stringify(content), DocumentType: 'Command', DocumentFormat: 'JSON' }
    expect(faultsOf('ssm', 'CreateDocument', request, 'request')).toEqual([])
    expect(Buffer.byteLength(request.Content)).toBeLessThan(65_536)
  })

  it.each(all)('%s has steps whose results can be asked for', (_, { mainSteps }) => {
    const ids = { CommandId: crypto.randomUUID(), InstanceId: 'i-0123456789abcdef0' }
    for (const { name } of mainSteps) {
      expect(faultsOf('ssm', 'GetCommandInvocation', { ...ids, PluginName: name }, 'request')).toEqual([])
      expect(
        faultsOf(
          'ssm',
          'ListCommandInvocations',
          { CommandInvocations: [{ CommandPlugins: [{ Name: name }] }] },
          'answer',
        ),
      ).toEqual([])
    }
    expect(new Set(mainSteps.map(({ name }) => name)).size).toBe(mainSteps.length)
  })

  it.each(all)('%s can be sent with the longest parameters that it takes', (DocumentName, { parameters }) => {
    const longest = Object.entries(parameters).map(([name, { maxChars }]) => [name, ['a'.repeat(maxChars ?? 26)]])
    const request = { DocumentName, InstanceIds: ['i-0123456789abcdef0'], Parameters: Object.fromEntries(longest) }
    expect(faultsOf('ssm', 'SendCommand', request, 'request')).toEqual([])
  })

  it('the model bites', () => {
    expect(
      faultsOf('ssm', 'GetCommandInvocation', { CommandId: 'x', PluginName: 'run', Place: 1 }, 'request'),
    ).toHaveLength(4)
  })
})

describe('5.1 patterns mean the same to the agent (RE2) as to us', () => {
  const unit = fc.oneof(
    fc.constantFrom(...'aZ09.+-_~^:= KB;$`\'"\n\r\u2028\u0085\\{}|&%*?/'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )
  const word = fc.oneof(
    fc.string({ unit, maxLength: 20 }),
    fc.nat(130).map((length) => 'a'.repeat(length)),
  )
  const near = fc.oneof(
    fc.tuple(word, word).map(([name, version]) => `${name}=${version}`),
    fc
      .array(fc.constantFrom('KB5034127=installed', 'a=1', 'a=1-', 'b=1:2~', 'c'), { maxLength: 5 })
      .map((list) => list.join(' ')),
    fc
      .tuple(fc.constantFrom('01J0000000000000000000CHNG', 'a'.repeat(64), `overrides/${'a'.repeat(64)}.yaml`), word)
      .map(([text, more]) => text + more),
  )

  it.each(patterns)('%s', (pattern) => {
    const theirs = RE2JS.compile(pattern)
    fc.assert(
      fc.property(fc.oneof(word, near), (text) => {
        expect([text, theirs.matcher(text).find()]).toEqual([text, new RegExp(pattern).test(text)])
      }),
      { numRuns: 2_000, examples: [[''], ['\n'], ['a=1\n'], ['a=1 b=2'], ['a=1  b=2'], ['KB5034127=installed']] },
    )
  })
})
