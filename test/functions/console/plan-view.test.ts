import { describe, expect, it } from 'vitest'
import { blastSection, hostCount, rollbackSection, scopeSection } from '../../../functions/console/plan-view.ts'
import { anyPlan } from '../planning/any-plan.ts'

const plan = anyPlan()
const [ring] = plan.rings
const [host] = ring?.hosts ?? []
const withHosts = (count: number) =>
  anyPlan({
    rings:
      ring && host
        ? [{ ...ring, hosts: Array.from({ length: count }, (_, order) => ({ ...host, hostId: `h${order}`, order })) }]
        : [],
  })
const text = async (section: unknown) => String(await section)

describe('10.4 hostCount', () => {
  it('counts the hosts of all rings', () => {
    expect(hostCount(withHosts(7))).toBe(7)
  })
})

describe('10.4 scopeSection', () => {
  it('says when work may start', async () => {
    const window = { startsAt: '2026-01-02T01:00:00.000Z', endsAt: '2026-01-02T05:00:00.000Z' }
    expect(await text(scopeSection(anyPlan({ window })))).toContain('Starts in the window from 2026-01-02')
    const { window: _, ...always } = plan
    expect(await text(scopeSection(always))).toContain('May start at any time')
  })

  it('shows two hundred hosts and counts the rest', async () => {
    expect(await text(scopeSection(withHosts(203)))).toContain('and 3 more')
    expect(await text(scopeSection(withHosts(200)))).not.toContain('more; <code>')
  })

  it('shows what is left out, with its reason escaped', async () => {
    const excluded = [{ hostId: 'h9', reason: '<b>offline</b>' }]
    const page = await text(scopeSection(anyPlan({ excluded })))
    expect(page).toContain('1 node left out')
    expect(page).not.toContain('<b>offline')
  })
})

describe('10.4 blastSection', () => {
  it('names the services that it can hurt, or says that there are none', async () => {
    expect(await text(blastSection(anyPlan({ downstream: ['api', 'web'] })))).toContain('api, web')
    expect(await text(blastSection(anyPlan({ downstream: [] })))).toContain('No other service depends on it')
  })
})

describe('10.4 rollbackSection', () => {
  it('warns where there is no way back, and promises no time that was not measured', async () => {
    const { rollbackPlan } = plan
    expect(await text(rollbackSection(anyPlan({ rollbackPlan: { ...rollbackPlan, rung: 'none' } })))).toContain(
      'This cannot be rolled back',
    )
    const back = {
      ...rollbackPlan,
      rung: 'package-downgrade' as const,
      rtoMinutes: 17,
      previousVersions: { h1: { p: '1' }, h2: { p: '1' } },
    }
    const page = await text(rollbackSection(anyPlan({ rollbackPlan: back })))
    expect(page).toContain('17 minutes, a target')
    expect(page).toMatch(/>p<.*>1<.*>2</s)
  })
})
