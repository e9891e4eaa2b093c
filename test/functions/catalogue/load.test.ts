import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPolicyAgainstCatalogue } from '../../../functions/catalogue/check-policy.ts'
import { loadCatalogue, loadPolicy } from '../../../functions/catalogue/load.ts'

const read = (path: string) => readFileSync(new URL(`../../../policy/${path}`, import.meta.url), 'utf8')
const catalogue = read('catalogue.example.yaml')
const policy = read('policy.yaml')
const problemsOf = (text: string) => {
  const loaded = loadCatalogue(text)
  return 'problems' in loaded ? loaded.problems : []
}

describe('1.6 the catalogue', () => {
  it('accepts the example and the default policy, which fit each other', () => {
    const [loaded, rules] = [loadCatalogue(catalogue), loadPolicy(policy)]
    if ('problems' in loaded || 'problems' in rules) throw new Error('the examples do not load')
    expect(checkPolicyAgainstCatalogue(rules.value, loaded.value)).toEqual([])
  })

  it.each([
    [
      'B45 a misspelt key, with the line and the key meant',
      catalogue.replace('minimumHealthy:', 'minimumHelthy:'),
      { line: 16, didYouMean: 'minimumHealthy', message: expect.stringContaining('minimumHelthy') },
    ],
    [
      'B45 a misspelt word, with the word meant',
      catalogue.replace('tier: mission-critical', 'tier: mission-critcal'),
      { path: 'services.0.tier', didYouMean: 'mission-critical' },
    ],
    [
      'B45 a misspelt day in a list',
      catalogue.replace('days: [tue,', 'days: [tuee,'),
      { path: 'services.0.windows.0.days.0', didYouMean: 'tue' },
    ],
    ['B45 a share without its sign', catalogue.replace("'80%'", "'80'"), { path: 'services.0.minimumHealthy' }],
    [
      'B40 a service that depends on itself',
      catalogue.replace('dependsOn: []', 'dependsOn: [shop]'),
      { message: expect.stringContaining('shop -> shop') },
    ],
    [
      'an unknown service, with the name meant',
      catalogue.replace('dependsOn: []', 'dependsOn: [shoop]'),
      { didYouMean: 'shop' },
    ],
    [
      'B40 minimum healthy 100 %',
      catalogue.replace("'80%'", "'100%'"),
      { message: expect.stringContaining('no patch could ever') },
    ],
    [
      'an unknown time zone',
      catalogue.replace('Europe/Berlin', 'Europe/Berlinn'),
      { message: expect.stringContaining('time zone') },
    ],
    [
      'B39 a freeze that ends before it starts',
      catalogue.replace('2027-01-04', '2026-01-04'),
      { message: expect.stringContaining('before it starts') },
    ],
    ['an owner whom nobody knows', catalogue.replace('owner: olivia', 'owner: oliva'), { didYouMean: 'olivia' }],
    ['text that is no YAML', 'services: [', { message: expect.any(String) }],
  ])('refuses %s', (_, text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.objectContaining(problem))
  })

  it.each([
    ['days before the clock starts', 'act: 14', 'act: -14', 'risk.ssvcDays.act'],
    [
      'an emergency before the clock starts',
      'emergencyDueDaysMax: 3',
      'emergencyDueDaysMax: -1',
      'changes.emergencyDueDaysMax',
    ],
    ['a step without time', 'precheck: 300', 'precheck: 0', 'rollout.stepTimeoutSeconds.precheck'],
    ['a step of part of a second', 'precheck: 300', 'precheck: 0.5', 'rollout.stepTimeoutSeconds.precheck'],
    ['a step longer than Run Command allows', 'install: 3600', 'install: 172801', 'rollout.stepTimeoutSeconds.install'],
  ])('B45 refuses a policy with %s', (_, right, wrong, path) => {
    expect(policy).toContain(right)
    const loaded = loadPolicy(policy.replace(right, wrong))
    expect('problems' in loaded ? loaded.problems : []).toMatchObject([{ path }])
  })

  it('names a role that the policy demands and nobody has', () => {
    const [loaded, rules] = [loadCatalogue(catalogue.replace('[security]', '[operations]')), loadPolicy(policy)]
    if ('problems' in loaded || 'problems' in rules) throw new Error('the examples do not load')
    expect(checkPolicyAgainstCatalogue(rules.value, loaded.value)).toContainEqual(
      expect.objectContaining({ message: 'nobody in the catalogue has the role security' }),
    )
  })
})
