/** A record as the table holds it. */
import type { RawItem } from '../../../functions/migrations/migration.ts'

export const anyItem = (kind: string, value: RawItem['value'], more: Partial<RawItem> = {}): RawItem => ({
  kind,
  key: { pk: 'P', sk: 'S' },
  version: 3,
  value,
  ...more,
})
