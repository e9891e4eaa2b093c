/** Sets of CVSS vectors: every base vector of a version, and random ones with threat and environmental metrics. */

type Metrics = readonly (readonly [name: string, values: readonly string[]])[]

/** `AV:NAL` where every value is a letter, `E:ND,U,POC` where one is longer. */
const metricsOf = (text: string): Metrics =>
  text.split(' ').map((each) => {
    const [name = '', values = ''] = each.split(':')
    return [name, values.includes(',') ? values.split(',') : [...values]]
  })

interface Version {
  readonly prefix: string
  readonly base: Metrics
  /** Threat, temporal and environmental. */
  readonly more: Metrics
}

const three = {
  base: metricsOf('AV:NALP AC:LH PR:NLH UI:NR S:UC C:HLN I:HLN A:HLN'),
  more: metricsOf(
    'E:XHFPU RL:XUWTO RC:XCRU CR:XHML IR:XHML AR:XHML MAV:XNALP MAC:XLH MPR:XNLH MUI:XNR MS:XUC MC:XHLN MI:XHLN MA:XHLN',
  ),
}
const versions = {
  '2.0': {
    prefix: '',
    base: metricsOf('AV:LAN AC:HML Au:MSN C:NPC I:NPC A:NPC'),
    more: metricsOf(
      'E:ND,U,POC,F,H RL:ND,OF,TF,W,U RC:ND,UC,UR,C CDP:ND,N,L,LM,MH,H TD:ND,N,L,M,H CR:ND,L,M,H IR:ND,L,M,H AR:ND,L,M,H',
    ),
  },
  '3.0': { prefix: 'CVSS:3.0/', ...three },
  '3.1': { prefix: 'CVSS:3.1/', ...three },
  '4.0': {
    prefix: 'CVSS:4.0/',
    base: metricsOf('AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN'),
    more: metricsOf(
      'E:XAPU CR:XHML IR:XHML AR:XHML MAV:XNALP MAC:XLH MAT:XNP MPR:XNLH MUI:XNPA MVC:XHLN MVI:XHLN MVA:XHLN MSC:XHLN MSI:XSHLN MSA:XSHLN',
    ),
  },
} as const satisfies Record<string, Version>
export type VersionName = keyof typeof versions

export function baseVectors(name: VersionName): string[] {
  const { prefix, base }: Version = versions[name]
  const bodies = base.reduce<string[]>(
    (heads, [metric, values]) => heads.flatMap((head) => values.map((value) => `${head}/${metric}:${value}`)),
    [''],
  )
  return bodies.map((body) => prefix + body.slice(1))
}

/**
 * Random vectors, the same for the same seed, with few of the optional metrics up to all of them, so that every mixture
 * occurs. Marsaglia's xorshift draws them.
 */
export function* randomVectors(name: VersionName, count: number, seed: number): Generator<string> {
  const { prefix, base, more }: Version = versions[name]
  let state = seed
  const draw = (below: number) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
  const stated = ([metric, values]: Metrics[number]) => `${metric}:${values[draw(values.length)]}`
  for (let index = 0; index < count; index++) {
    const keep = 1 + draw(4)
    yield prefix + [...base.map(stated), ...more.filter(() => draw(4) < keep).map(stated)].join('/')
  }
}
