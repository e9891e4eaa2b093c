/**
 * CVSS scores in exact arithmetic, written from FIRST's specifications and sharing no code with the product (ADR 0030).
 *
 * v4.0 follows the text word by word: it searches the highest severity vectors that the product has summed up. The
 * scores of the 270 MacroVectors come from the library `ae-cvss-calculator`.
 */
import calculator from 'ae-cvss-calculator'
import { add, divided, exactly, type Fraction, isLess, least, minus, nearest, power, times } from './fraction.ts'

type Stated = Readonly<Record<string, string>>

const statedIn = (vector: string): Stated =>
  Object.fromEntries(
    vector
      .split('/')
      .map((metric) => metric.split(':'))
      .map(([name = '', value = '']) => [name, value]),
  )

const zero = exactly('0')
const one = exactly('1')
const ten = exactly('10')

const table = (lines: string): Readonly<Record<string, Fraction>> =>
  Object.fromEntries(
    lines
      .trim()
      .split(/\s+/)
      .map((entry) => entry.split('='))
      .map(([name = '', value = '']) => [name, exactly(value)]),
  )

/** Section 7.4, Metric Values; PRC is Privileges Required where the scope changes. */
const threes = table(`
  AV:N=0.85 AV:A=0.62 AV:L=0.55 AV:P=0.2   AC:L=0.77 AC:H=0.44
  PR:N=0.85 PR:L=0.62 PR:H=0.27            PRC:N=0.85 PRC:L=0.68 PRC:H=0.5
  UI:N=0.85 UI:R=0.62                      CIA:H=0.56 CIA:L=0.22 CIA:N=0
  E:X=1 E:H=1 E:F=0.97 E:P=0.94 E:U=0.91   RL:X=1 RL:U=1 RL:W=0.97 RL:T=0.96 RL:O=0.95
  RC:X=1 RC:C=1 RC:R=0.96 RC:U=0.92        R:X=1 R:H=1.5 R:M=1 R:L=0.5`)

const three = (name: string, value: string | undefined): Fraction => {
  const found = threes[`${name}:${value ?? 'X'}`]
  if (!found) throw new Error(`no ${name}:${value}`)
  return found
}

/** Appendix A: whole hundred-thousandths, then the next tenth. */
function roundUp(input: Fraction): Fraction {
  const whole = nearest(times(input, exactly('100000')))
  return { over: whole % 10_000n === 0n ? whole / 10_000n : whole / 10_000n + 1n, under: 10n }
}

const asNumber = ({ over, under }: Fraction) => Number(over) / Number(under)

const environmentalNames = 'CR IR AR MAV MAC MPR MUI MS MC MI MA'.split(' ')
const isDefined = (value: string | undefined) => value !== undefined && value !== 'X'

/** v3.0 and v3.1, which differ in the environmental impact where the scope changes. */
export function oracle3(vector: string): number {
  const m = statedIn(vector)
  const isEnvironmental = environmentalNames.some((name) => isDefined(m[name]))
  const modified = (name: string) => (isEnvironmental && isDefined(m[`M${name}`]) ? m[`M${name}`] : m[name])
  const isChanged = modified('S') === 'C'
  const left = (name: string) => {
    const impact = three('CIA', modified(name))
    return minus(one, isEnvironmental ? times(three('R', m[`${name}R`]), impact) : impact)
  }
  const iss = minus(one, times(left('C'), left('I'), left('A')))
  const sub = isEnvironmental ? least(iss, exactly('0.915')) : iss
  const bend =
    isEnvironmental && vector.startsWith('CVSS:3.1')
      ? power(minus(times(sub, exactly('0.9731')), exactly('0.02')), 13)
      : power(minus(sub, exactly('0.02')), 15)
  const impact = isChanged
    ? minus(times(exactly('7.52'), minus(sub, exactly('0.029'))), times(exactly('3.25'), bend))
    : times(exactly('6.42'), sub)
  const exploitability = times(
    exactly('8.22'),
    three('AV', modified('AV')),
    three('AC', modified('AC')),
    three(isChanged ? 'PRC' : 'PR', modified('PR')),
    three('UI', modified('UI')),
  )
  const sum = times(isChanged ? exactly('1.08') : one, add(impact, exploitability))
  const score = isLess(zero, impact) ? roundUp(least(sum, ten)) : zero
  return asNumber(roundUp(times(score, three('E', m.E), three('RL', m.RL), three('RC', m.RC))))
}

/** Section 3.2 of the guide to v2. */
const twos = table(`
  AV:L=0.395 AV:A=0.646 AV:N=1 AC:H=0.35 AC:M=0.61 AC:L=0.71 Au:M=0.45 Au:S=0.56 Au:N=0.704 CIA:N=0 CIA:P=0.275 CIA:C=0.660
  E:ND=1 E:U=0.85 E:POC=0.9 E:F=0.95 E:H=1 RL:ND=1 RL:OF=0.87 RL:TF=0.9 RL:W=0.95 RL:U=1 RC:ND=1 RC:UC=0.9 RC:UR=0.95 RC:C=1
  CDP:ND=0 CDP:N=0 CDP:L=0.1 CDP:LM=0.3 CDP:MH=0.4 CDP:H=0.5 TD:ND=1 TD:N=0 TD:L=0.25 TD:M=0.75 TD:H=1 R:ND=1 R:L=0.5 R:M=1 R:H=1.51`)

const rounded = (score: Fraction): Fraction => ({ over: nearest(times(score, ten)), under: 10n })

export function oracle2(vector: string): number {
  const m = statedIn(vector)
  const two = (name: string, value = 'ND'): Fraction => twos[`${name}:${value}`] ?? exactly(`no ${name}:${value}`)
  const isEnvironmental = ['CDP', 'TD', 'CR', 'IR', 'AR'].some((name) => (m[name] ?? 'ND') !== 'ND')
  const left = (name: string) => minus(one, times(two('CIA', m[name]), isEnvironmental ? two('R', m[`${name}R`]) : one))
  const whole = times(exactly('10.41'), minus(one, times(left('C'), left('I'), left('A'))))
  const impact = isEnvironmental ? least(whole, ten) : whole
  const exploitability = times(exactly('20'), two('AV', m.AV), two('AC', m.AC), two('Au', m.Au))
  const f = isLess(zero, impact) ? exactly('1.176') : zero
  const sum = add(times(exactly('0.6'), impact), times(exactly('0.4'), exploitability))
  const base = rounded(times(minus(sum, exactly('1.5')), f))
  const temporal = rounded(times(base, two('E', m.E), two('RL', m.RL), two('RC', m.RC)))
  if (!isEnvironmental) return asNumber(temporal)
  const damage = times(minus(ten, temporal), two('CDP', m.CDP))
  return asNumber(rounded(times(add(temporal, damage), two('TD', m.TD))))
}

/** Values from the most to the least severe, as section 8.2 orders them. */
const severities: Readonly<Record<string, string>> = {
  AV: 'NALP',
  AC: 'LH',
  AT: 'NP',
  PR: 'NLH',
  UI: 'NPA',
  VC: 'HLN',
  VI: 'HLN',
  VA: 'HLN',
  SC: 'SHLN',
  SI: 'SHLN',
  SA: 'SHLN',
  CR: 'HML',
  IR: 'HML',
  AR: 'HML',
}

/** Tables 24 to 31: the highest severity vectors of each level, and the depth of each. */
const highest: Readonly<Record<string, { readonly depth: number; readonly vectors: readonly string[] }>> = {
  '1=0': { depth: 1, vectors: ['AV:N/PR:N/UI:N'] },
  '1=1': { depth: 4, vectors: ['AV:A/PR:N/UI:N', 'AV:N/PR:L/UI:N', 'AV:N/PR:N/UI:P'] },
  '1=2': { depth: 5, vectors: ['AV:P/PR:N/UI:N', 'AV:A/PR:L/UI:P'] },
  '2=0': { depth: 1, vectors: ['AC:L/AT:N'] },
  '2=1': { depth: 2, vectors: ['AC:H/AT:N', 'AC:L/AT:P'] },
  '36=00': { depth: 7, vectors: ['VC:H/VI:H/VA:H/CR:H/IR:H/AR:H'] },
  '36=01': { depth: 6, vectors: ['VC:H/VI:H/VA:L/CR:M/IR:M/AR:H', 'VC:H/VI:H/VA:H/CR:M/IR:M/AR:M'] },
  '36=10': { depth: 8, vectors: ['VC:L/VI:H/VA:H/CR:H/IR:H/AR:H', 'VC:H/VI:L/VA:H/CR:H/IR:H/AR:H'] },
  '36=11': {
    depth: 8,
    vectors: [
      'VC:L/VI:H/VA:L/CR:H/IR:M/AR:H',
      'VC:L/VI:H/VA:H/CR:H/IR:M/AR:M',
      'VC:H/VI:L/VA:H/CR:M/IR:H/AR:M',
      'VC:H/VI:L/VA:L/CR:M/IR:H/AR:H',
      'VC:L/VI:L/VA:H/CR:H/IR:H/AR:M',
    ],
  },
  '36=21': { depth: 10, vectors: ['VC:L/VI:L/VA:L/CR:H/IR:H/AR:H'] },
  '4=0': { depth: 6, vectors: ['SC:H/SI:S/SA:S'] },
  '4=1': { depth: 5, vectors: ['SC:H/SI:H/SA:H'] },
  '4=2': { depth: 4, vectors: ['SC:L/SI:L/SA:L'] },
}

/** How far below the first of the highest severity vectors that is nowhere less severe. */
function distance(equivalence: string, m: Stated): number {
  for (const vector of highest[equivalence]?.vectors ?? []) {
    const steps = Object.entries(statedIn(vector)).map(([name, value]) => {
      const order = severities[name] ?? ''
      return order.indexOf(m[name] ?? '?') - order.indexOf(value)
    })
    if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0)
  }
  throw new Error(`no highest severity vector of ${equivalence} above ${JSON.stringify(m)}`)
}

const macroScores = new Map<string, Fraction | undefined>()

/** The score of a MacroVector is that of its highest severity vectors; undefined where there is no such MacroVector. */
function macroScore(
  eq1: number,
  eq2: number,
  eq3: number,
  eq4: number,
  eq5: number,
  eq6: number,
): Fraction | undefined {
  const key = [eq1, eq2, eq3, eq4, eq5, eq6].join('')
  if (!macroScores.has(key)) {
    const parts = [`1=${eq1}`, `2=${eq2}`, `36=${eq3}${eq6}`, `4=${eq4}`].map((each) => highest[each]?.vectors[0])
    const maturity = ['E:A', 'E:P', 'E:U'][eq5]
    if (parts.includes(undefined) || maturity === undefined) macroScores.set(key, undefined)
    else {
      const text = parts.join('/').replace('SI:S/SA:S', 'SI:H/SA:H/MSI:S/MSA:S')
      const { overall } = new calculator.Cvss4P0(`CVSS:4.0/${text}/${maturity}`).calculateScores()
      macroScores.set(key, exactly(overall.toFixed(1)))
    }
  }
  return macroScores.get(key)
}

export function oracle4(vector: string): number {
  const stated = statedIn(vector)
  const worst = (name: string, value: string) => (isDefined(stated[name]) ? (stated[name] ?? value) : value)
  const m: Record<string, string> = {
    E: worst('E', 'A'),
    CR: worst('CR', 'H'),
    IR: worst('IR', 'H'),
    AR: worst('AR', 'H'),
  }
  for (const name of 'AV AC AT PR UI VC VI VA SC SI SA'.split(' ')) m[name] = worst(`M${name}`, stated[name] ?? '?')
  if ('VC VI VA SC SI SA'.split(' ').every((name) => m[name] === 'N')) return 0
  const is = (metric: string) => m[metric.slice(0, metric.indexOf(':'))] === metric.slice(metric.indexOf(':') + 1)
  // Tables 24 to 29.
  const anyN = is('AV:N') || is('PR:N') || is('UI:N')
  const eq1 = is('AV:N') && is('PR:N') && is('UI:N') ? 0 : anyN && !is('AV:P') ? 1 : 2
  const eq2 = is('AC:L') && is('AT:N') ? 0 : 1
  const eq3 = is('VC:H') && is('VI:H') ? 0 : is('VC:H') || is('VI:H') || is('VA:H') ? 1 : 2
  const eq4 = is('SI:S') || is('SA:S') ? 0 : is('SC:H') || is('SI:H') || is('SA:H') ? 1 : 2
  const eq5 = 'APU'.indexOf(m.E ?? '?')
  const eq6 = (is('CR:H') && is('VC:H')) || (is('IR:H') && is('VI:H')) || (is('AR:H') && is('VA:H')) ? 0 : 1
  const value = macroScore(eq1, eq2, eq3, eq4, eq5, eq6)
  if (!value) throw new Error(`no MacroVector for ${vector}`)
  // Section 8.2, step 1: the next lower MacroVector of EQ3 and EQ6 is one of two from 00, and none from 21.
  const joint =
    eq3 === 0 && eq6 === 0
      ? [macroScore(eq1, eq2, 0, eq4, eq5, 1), macroScore(eq1, eq2, 1, eq4, eq5, 0)]
      : eq6 === 1
        ? [macroScore(eq1, eq2, eq3 + 1, eq4, eq5, 1)]
        : [macroScore(eq1, eq2, eq3, eq4, eq5, 1)]
  const highestJoint = joint.reduce((a, b) => (a && b ? (isLess(a, b) ? b : a) : (a ?? b)))
  const ways: readonly (readonly [lower: Fraction | undefined, equivalence: string | undefined])[] = [
    [macroScore(eq1 + 1, eq2, eq3, eq4, eq5, eq6), `1=${eq1}`],
    [macroScore(eq1, eq2 + 1, eq3, eq4, eq5, eq6), `2=${eq2}`],
    [highestJoint, `36=${eq3}${eq6}`],
    [macroScore(eq1, eq2, eq3, eq4 + 1, eq5, eq6), `4=${eq4}`],
    [macroScore(eq1, eq2, eq3, eq4, eq5 + 1, eq6), undefined],
  ]
  const shares = ways.flatMap(([lower, equivalence]) => {
    if (!lower) return []
    if (equivalence === undefined) return [zero]
    const steps = exactly(String(distance(equivalence, m)))
    return [divided(times(minus(value, lower), steps), highest[equivalence]?.depth ?? 0)]
  })
  const mean = shares.length === 0 ? zero : divided(shares.reduce(add), shares.length)
  const score = minus(value, mean)
  const bounded = isLess(score, zero) ? zero : least(score, ten)
  return Number(nearest(times(bounded, ten))) / 10
}
