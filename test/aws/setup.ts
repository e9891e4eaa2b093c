/** After each test, what it called of mocked AWS clients is held to AWS's models. */
import { afterEach, expect } from 'vitest'
import { modelledCalls } from './modelled-calls.ts'

afterEach(async () => {
  for (const look of modelledCalls) expect(await look(), "what AWS's models refuse").toEqual([])
})
