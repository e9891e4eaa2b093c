import { describe, expect, it } from 'vitest'
import { isPatchablePackage, routeOf } from '../../../functions/finding/route.ts'
import { anyFinding } from './any-finding.ts'

const on = (type: 'ec2-instance' | 'managed-node' | 'ecr-image' | 'lambda-function') => ({ type, id: 'x', tags: {} })
const [entry] = anyFinding().packages
const packages = (manager: string, isPatchable: boolean) => (entry ? [{ ...entry, manager, isPatchable }] : [])

describe('1.4 routeOf', () => {
  it.each([
    ['patch', { packages: packages('OS', true) }],
    ['patch', { resource: on('managed-node'), packages: packages('OS', true) }],
    ['network-owner', { type: 'network-reachability' as const }],
    ['application-owner', { type: 'code-vulnerability' as const }],
    ['image-rebuild', { resource: on('ecr-image') }],
    ['application-owner', { resource: on('lambda-function') }],
    ['image-rebuild', { packages: packages('OS', false) }],
    ['application-owner', { packages: packages('NPM', false) }],
    ['application-owner', { packages: [] }],
  ])('gives to %s: %j', (route, finding) => {
    expect(routeOf(anyFinding(finding))).toBe(route)
  })

  it('patches where one of several packages can be', () => {
    expect(routeOf(anyFinding({ packages: [...packages('NPM', false), ...packages('OS', true)] }))).toBe('patch')
  })
})

describe('1.4 isPatchablePackage', () => {
  it.each([
    ['a package of the system', 'OS', on('ec2-instance'), true],
    ['a package of the system on a managed node', 'OS', on('managed-node'), true],
    ['a package of a language', 'NPM', on('ec2-instance'), false],
    ['a package in an image', 'OS', on('ecr-image'), false],
  ])('is what the package manager of a managed host installs: %s', (_, manager, resource, isPatchable) => {
    expect(isPatchablePackage(manager, resource)).toBe(isPatchable)
  })
})
