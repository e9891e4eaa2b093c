import { describe, expect, it } from 'vitest'
import { documentNames } from '../../documents/index.ts'
import { windowsDocumentNames, windowsDocuments } from '../../documents/windows.ts'
import { stepDocumentsOf } from '../../functions/planning/step-documents.ts'

const documents = windowsDocuments({ bucket: 'drydock-overrides-123456789012', region: 'eu-central-1' })
const install = documents['Drydock-InstallWindows']
const pattern = (name: string) => new RegExp(install?.parameters[name]?.allowedPattern ?? 'none')
const hash = 'a'.repeat(64)
/** The last step's program: what prints the result. */
const program = (name: string) => [documents[name]?.mainSteps.at(-1)?.inputs.runCommand].flat().join('\n')

describe('5.1 Windows documents', () => {
  it('are one for each step of the rollout, under the names that plans pin', () => {
    expect(Object.values(stepDocumentsOf('windows-updates')).toSorted()).toEqual(windowsDocumentNames.toSorted())
    expect(Object.values(stepDocumentsOf('os-packages')).toSorted()).toEqual(documentNames.toSorted())
  })

  it.each(Object.entries(stepDocumentsOf('windows-updates')))('say %s in the result of %s', (step, name) => {
    expect(program(name).split('\n')[0]).toBe(`$step = '${step}'`)
    expect(documents[name]?.mainSteps.at(-1)?.name).toBe('runStep')
  })

  it.each(windowsDocumentNames)('F33 %s refuses before it does anything where the agent set no parameters', (name) => {
    const lines = program(name).split('\n')
    const refusal = lines.findIndex((line) => line.includes("Stop-Untried 'parameters-missing'"))
    expect(refusal).toBeGreaterThan(0)
    // What stands before it at the margin: assignments and functions, nothing that runs.
    const before = lines
      .slice(0, refusal)
      .filter((line) => /^\S/.test(line) && !/^(#|\$|function |\}|Set-StrictMode)/.test(line))
    expect(before).toEqual([])
  })

  it.each(windowsDocumentNames)('%s ends by one result document or by asking for a reboot', (name) => {
    const last = program(name).split('\n').at(-1)
    expect(last).toMatch(/^Complete-Step \$(true|false) /)
  })

  it('5.7 reboots by asking the agent, once, and never with the install', () => {
    const asking = windowsDocumentNames.filter((name) => /exit (3010|194)/.test(program(name)))
    expect(asking).toEqual(['Drydock-RebootWindows'])
    expect(JSON.stringify(documents)).not.toMatch(/Restart-Computer|shutdown(\.exe)?\b/)
    expect(JSON.stringify(install)).toContain('"RebootOption":"NoReboot"')
  })

  it('7.1 say of no update that it can be taken back, and none takes one back', () => {
    expect(program('Drydock-RestorePointWindows')).toContain('$available[$update] = $false')
    expect(stepDocumentsOf('windows-updates')).not.toHaveProperty('rollback')
    expect(JSON.stringify(documents)).not.toMatch(/wusa|Remove-WindowsPackage|\/uninstall/i)
  })

  it.each(['', 'KB5034127=installed', 'KB5034127=installed KB890830=installed'])('take the updates %j', (list) => {
    expect(pattern('packages').test(list)).toBe(true)
  })

  it.each([
    ['B1', 'KB5034127=installed; id'],
    ['B2', 'KB5034127=$(id)'],
    ['a package', 'snapd=2.63'],
    ['what takes an update away', 'KB5034127=absent'],
    ['a short number', 'KB503=installed'],
    ['small letters', 'kb5034127=installed'],
    ['a line break', 'KB5034127=installed\n'],
  ])('%s: refuse the updates %j', (_, list) => {
    expect(pattern('packages').test(list)).toBe(false)
  })
})

describe('5.1 Drydock-InstallWindows', () => {
  it.each([
    'http://evil.example/list.yaml',
    'https://evil.example/list.yaml',
    's3://other/overrides/list.yaml',
    `overrides/${hash}.yaml?x=1`,
    `overrides/../${hash}.yaml`,
    `overrides/${hash.toUpperCase()}.yaml`,
    `overrides/${hash}.yaml\n`,
    '',
  ])('B42 refuses the override list %j', (key) => {
    expect(pattern('overrideKey').test(key)).toBe(false)
  })

  it('takes a list that is named by its hash', () => {
    expect(pattern('overrideKey').test(`overrides/${hash}.yaml`)).toBe(true)
  })

  it('B42 names one bucket and leaves no room for another', () => {
    expect(JSON.stringify(install?.mainSteps)).toContain('s3://drydock-overrides-123456789012/{{ overrideKey }}')
  })

  it.each([
    ['eu-central-1', 'amazonaws.com'],
    ['us-gov-west-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
  ])('fetches the list of %s from %s', (region, domain) => {
    const [fetched] = windowsDocuments({ bucket: 'ours', region })['Drydock-InstallWindows']?.mainSteps ?? []
    expect(fetched?.inputs.sourceInfo).toContain(`https://ours.s3.${region}.${domain}/{{`)
  })

  it('stops before the baseline when the list cannot be fetched or is another one', () => {
    const [fetchList, compareList, patch] = install?.mainSteps ?? []
    expect([fetchList?.inputs.onFailure, compareList?.inputs.onFailure, patch?.inputs.documentPath]).toEqual([
      'exit',
      'exit',
      'AWS-RunPatchBaseline',
    ])
  })

  it('fetches into a directory, for the agent would make a file of a path that does not end as one', () => {
    expect(install?.mainSteps[0]?.inputs.destinationPath).toMatch(/\\$/)
  })

  it('looks at the host after the baseline, whatever that said', () => {
    expect(install?.mainSteps.map(({ name }) => name)).toEqual(['fetchList', 'compareList', 'patchBaseline', 'runStep'])
    expect(install?.mainSteps[2]?.inputs.onFailure).toBeUndefined()
  })
})
