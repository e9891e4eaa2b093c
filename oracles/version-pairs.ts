/** 100,000 pairs of versions for each package manager, the same in every run, and what dpkg and rpm themselves said of them. */
import { readFileSync } from 'node:fs'
import { isPackageVersion } from '../functions/finding/index.ts'

export type Tool = 'deb' | 'rpm'
export type Pair = readonly [left: string, right: string]

export const pairCount = 100_000

const fixture = (name: string) => new URL(`../test/fixtures/versions/${name}`, import.meta.url)
export const answersFile = (tool: Tool) => fixture(`${tool}-answers.bin`)

/** Marsaglia's xorshift: the pairs must not depend on a library's version. */
function generator(seed: number) {
  let state = seed
  return (below: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
type Draw = ReturnType<typeof generator>

const pick = <Value>(draw: Draw, values: readonly Value[]): Value => {
  const value = values[draw(values.length)]
  if (value === undefined) throw new Error('nothing to choose from')
  return value
}

const pieces = {
  deb: [
    '~',
    '+',
    '.',
    '-',
    '0',
    '1',
    '9',
    '10',
    '00',
    'a',
    'z',
    'Z',
    'rc1',
    '~rc2',
    '+b1',
    '+deb12u1',
    '-0',
    '~~',
    '.0',
  ],
  rpm: ['~', '^', '.', '-', '_', '+', '0', '1', '9', '10', '00', 'a', 'z', 'Z', 'rc1', '~rc2', '^git1', '.el9', '^~'],
} as const

const spliced = (text: string, at: number, removed: number, inserted: string) =>
  text.slice(0, at) + inserted + text.slice(at + removed)

/** One small change of the kinds that happen to real versions, and of those that happen to none. */
function mutated(draw: Draw, tool: Tool, version: string): string {
  const at = draw(version.length + 1)
  const numbers = [...version.matchAll(/\d+/g)]
  const number = numbers.length === 0 ? undefined : pick(draw, numbers)
  switch (draw(10)) {
    case 0:
      return spliced(version, at, 1, '')
    case 1:
    case 2:
      return spliced(version, at, 0, pick(draw, pieces[tool]))
    case 3:
      return spliced(version, at, 1, pick(draw, pieces[tool]))
    case 4:
      return version + pick(draw, pieces[tool])
    case 5:
      return version.slice(0, at)
    case 6:
      return `${draw(3)}:${version.replace(/^\d+:/, '')}`
    case 7:
      return number ? spliced(version, number.index, 0, '0'.repeat(1 + draw(3))) : version
    case 8:
      return number
        ? spliced(version, number.index, number[0].length, String(draw(2) ? draw(12) : draw(2 ** 31)))
        : version
    default:
      return number ? spliced(version, number.index, 0, '9'.repeat(1 + draw(25))) : version
  }
}

/** dpkg refuses an empty revision and an epoch of more than 31 bits. */
const isAskable = (tool: Tool, version: string) =>
  isPackageVersion(version, tool === 'deb' ? 'dpkg' : 'rpm') &&
  (tool === 'rpm' || (!version.endsWith('-') && Number(/^(\d+):/.exec(version)?.[1] ?? 0) < 2 ** 31))

export function versionPairs(tool: Tool): Pair[] {
  const real = readFileSync(fixture(`${tool}.txt`), 'utf8')
    .trim()
    .split('\n')
  const draw = generator(tool === 'deb' ? 20_261_124 : 20_261_125)
  const changed = (version: string, times: number): string => {
    for (let tries = 0; tries < 20; tries++) {
      let text = version
      for (let time = 0; time < times; time++) text = mutated(draw, tool, text)
      if (isAskable(tool, text)) return text
    }
    return version
  }
  return Array.from({ length: pairCount }, (): Pair => {
    const one = pick(draw, real)
    const kind = draw(10)
    if (kind === 0) return [one, pick(draw, real)]
    const base = kind < 4 ? changed(one, 1 + draw(2)) : one
    const other = changed(base, 1 + draw(3))
    return draw(2) === 0 ? [base, other] : [other, base]
  })
}

export type Order = -1 | 0 | 1

/** Four answers a byte, lowest bits first: 0 older, 1 the same, 2 newer. */
export function packOrders(orders: readonly Order[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(orders.length / 4))
  for (const [index, order] of orders.entries())
    bytes[index >> 2] = (bytes[index >> 2] ?? 0) | ((order + 1) << ((index & 3) * 2))
  return bytes
}

export function readOrders(tool: Tool): Order[] {
  const bytes = readFileSync(answersFile(tool))
  return Array.from({ length: pairCount }, (_, index) => {
    const answer = ((bytes[index >> 2] ?? 0) >> ((index & 3) * 2)) & 3
    return answer === 0 ? -1 : answer === 1 ? 0 : 1
  })
}
