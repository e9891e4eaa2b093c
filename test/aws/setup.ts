/** After each test, what it called of mocked AWS clients is held to AWS's models; no mock outlives its file. */
import { afterAll, afterEach, expect } from 'vitest'
import { modelledMocks } from './modelled-calls.ts'

afterEach(async () => {
  for (const { look } of modelledMocks) expect(await look(), "what AWS's models refuse").toEqual([])
})

afterAll(() => {
  for (const { restore } of modelledMocks) restore()
  modelledMocks.clear()
})
