import { describe, expect, it } from 'vitest'
import { readOrders, versionPairs } from '../../oracles/version-pairs.ts'
import { askTool, versionOfTool } from '../functions/inventory/ask-tools.ts'

// A machine that must prove everything must not prove less in silence: in CI a tool that is missing fails.
/** dpkg takes one pair a process, so it is asked about every two hundredth; `ask-tools.ts` asks about all. */
const stride = { deb: 200, rpm: 1 } as const

describe.each(['deb', 'rpm'] as const)('3.1 the recorded answers for %s', (tool) => {
  const version = versionOfTool(tool)
  const name =
    version ??
    `${tool === 'deb' ? 'dpkg' : 'rpm'} is not installed here: apt-get install ${tool === 'deb' ? 'dpkg' : 'rpm'}`
  it.skipIf(version === undefined && !process.env.CI)(
    `are those of the tool itself (${name})`,
    () => {
      const isAsked = (_: unknown, index: number) => index % stride[tool] === 0
      expect(askTool(tool, versionPairs(tool).filter(isAsked))).toEqual(readOrders(tool).filter(isAsked))
    },
    60_000,
  )
})
