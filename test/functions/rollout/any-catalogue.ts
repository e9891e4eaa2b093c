/** A catalogue of services that may be worked on at any time, unless a test says otherwise. */
import { Catalogue } from '../../../functions/catalogue/index.ts'

export const anyService = (name: string, more: object = {}) => ({
  name,
  title: name,
  tier: 'business-essential',
  owner: 'olivia',
  minimumHealthy: 1,
  rings: [{ name: 'production', stage: 'production', soakSeconds: 0, failureBudget: 0 }],
  rollbackCriteria: {},
  rtoMinutes: 15,
  rpoMinutes: 60,
  ...more,
})

/** Those who vote on the plans of these tests. */
const people = [
  { id: 'olivia', name: 'Olivia', email: 'olivia@example.com', roles: ['service-owner'] },
  { id: 'sven', name: 'Sven', email: 'sven@example.com', roles: ['security'] },
]

export const catalogueOf = (services: readonly object[], more: object = {}): Catalogue =>
  Catalogue.parse({ services, people, ...more })
