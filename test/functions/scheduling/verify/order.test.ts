import { describe, expect, it } from 'vitest'
import { jobsOf } from '../../../../functions/scheduling/verify/jobs.ts'
import { earlyIn } from '../../../../functions/scheduling/verify/order.ts'
import { anyHost, anyProblemOf, anyService } from '../builders.ts'

const services = [anyService('db'), anyService('api', { dependsOn: ['db'] }), anyService('web', { dependsOn: ['api'] })]
/** Each host serves what its name says and lasts 100 s. */
function early(starts: Readonly<Record<string, number>>) {
  const hosts = Object.keys(starts).map((id) => anyHost(id, id.replace(/\d/, '').split('+')))
  const problem = anyProblemOf({ hosts, services })
  return earlyIn(problem, jobsOf(problem.hosts, Float64Array.from(Object.values(starts))))
}

describe('I3 earlyIn', () => {
  it('finds nothing where every service waits for the last host of the one before', () => {
    expect(early({ db1: 0, db2: 50, api: 150, web: 250 })).toEqual([])
  })

  it('finds a service that starts while a host of its dependency is in work', () => {
    expect(early({ db1: 0, db2: 50, api: 149 })).toEqual(['api starts at 149 s, before db is done at 150 s'])
  })

  it('finds it at any depth, also through a service without hosts', () => {
    expect(early({ db: 0, web: 99 })).toEqual(['web starts at 99 s, before db is done at 100 s'])
  })

  it('lets a host of both sides go with the dependency, but no other host of the service', () => {
    expect(early({ db: 0, 'db+api': 0, api: 100 })).toEqual([])
    expect(early({ db: 0, 'db+api': 0, api: 99 })).toEqual(['api starts at 99 s, before db is done at 100 s'])
  })

  it('forgives less than a microsecond and no more', () => {
    expect(early({ db: 0, api: 100 - 5e-7 })).toEqual([])
    expect(early({ db: 0, api: 100 - 5e-6 })).toHaveLength(1)
  })
})
