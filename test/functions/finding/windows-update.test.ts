import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWindowsUpdate, updateNamedIn, windowsUpdatesOf } from '../../../functions/finding/windows-update.ts'
import { anyFinding } from './any-finding.ts'

const product = { name: 'Windows Server 2019', installedVersion: '10.0.17763.5206', manager: 'OS', isPatchable: true }

describe('5.1 isWindowsUpdate', () => {
  it.each(['KB5034127', 'KB890830', 'KB12345678'])('takes %j', (text) => {
    expect(isWindowsUpdate(text)).toBe(true)
  })

  it.each(['kb5034127', 'KB12345', 'KB123456789', 'KB5034127\n', ' KB5034127', '5034127', 'KB5034127; id', ''])(
    'B1 refuses %j',
    (text) => {
      expect(isWindowsUpdate(text)).toBe(false)
    },
  )
})

describe('5.1 updateNamedIn', () => {
  it.each([
    ['Install KB5034127.', 'KB5034127'],
    ['kb5034127 (again: KB5034127)', 'KB5034127'],
    ['KB5034127 or KB5034129', undefined],
    ['update Windows', undefined],
    ['KB50341270000', undefined],
  ])('finds in %j the update %j', (text, update) => {
    expect(updateNamedIn(text)).toBe(update)
  })

  it('finds nothing but numbers of updates, whatever a text holds', () => {
    fc.assert(fc.property(fc.string(), (text) => isWindowsUpdate(updateNamedIn(text) ?? 'KB5034127')))
  })
})

describe('5.1 windowsUpdatesOf', () => {
  it.each([
    ['the fixed version', { packages: [{ ...product, fixedVersion: 'KB5034127' }] }, ['KB5034127']],
    ['the name', { packages: [{ ...product, name: 'KB5034127' }] }, ['KB5034127']],
    ['the finding’s own name', { vulnerabilityId: 'KB5034127', packages: [product] }, ['KB5034127']],
    [
      'several packages, each update once',
      { packages: ['KB5034612', 'kb5034127', 'KB5034127'].map((fixedVersion) => ({ ...product, fixedVersion })) },
      ['KB5034127', 'KB5034612'],
    ],
    ['a build, which no update list takes', { packages: [{ ...product, fixedVersion: '10.0.17763.5329' }] }, []],
    [
      'a package that no patch mends',
      { packages: [{ ...product, fixedVersion: 'KB5034127', isPatchable: false }] },
      [],
    ],
  ])('reads %s', (_, over, updates) => {
    expect(windowsUpdatesOf(anyFinding(over))).toEqual(updates)
  })
})
