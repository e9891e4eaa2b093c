import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lifeOfAFinding, lifeOfAFindingPage } from '../../../local/tours/life-of-a-finding.ts'
import { projectRoot } from '../../../tools/processes.ts'

describe('the life of a finding', () => {
  it('stands in the docs as a run leaves it; `npm run docs` writes it anew', async () => {
    expect(readFileSync(join(projectRoot, lifeOfAFinding), 'utf8')).toBe(await lifeOfAFindingPage())
  })
})
