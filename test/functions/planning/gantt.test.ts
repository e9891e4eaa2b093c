import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Gantt, ganttColours, ganttSvg } from '../../../functions/planning/gantt.ts'
import { ganttOfPlan, ganttOfSchedule } from '../../../functions/planning/gantt-of.ts'
import { columnsOf, levelsOf, span, ticksOf } from '../../../functions/planning/gantt-parts.ts'
import { PlanningProblem } from '../../../functions/scheduling/problem.ts'
import { anyPlan } from './any-plan.ts'

const bar = (hostId: string, startSeconds: number, more: object = {}) => ({
  hostId,
  services: ['web'],
  zone: 'a',
  group: 'production',
  startSeconds,
  durationSeconds: 600,
  ...more,
})
const gantt: Gantt = {
  title: 'Plan of web',
  bars: [bar('h1', 0), bar('h2', 0), bar('h3', 600)],
  services: [{ id: 'web', hosts: 5, minimumHealthy: 3 }],
}
const count = (svg: string, part: string | RegExp) => svg.split(part).length - 1
/** Every tag opened is closed in order; throws no parser at it, so it needs none. */
function isWellFormed(svg: string): boolean {
  const open: string[] = []
  for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s+[\w-]+(?::\w+)?="[^"<]*")*(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return false
    } else if (!self) open.push(name)
  }
  const rest = svg.replace(/<\/?[a-z]+(?:\s+[\w-]+(?::\w+)?="[^"<]*")*\/?>/g, '')
  return open.length === 0 && !/[<>]/.test(rest) && !/&(?!(?:amp|lt|gt|quot|#39);)/.test(rest)
}
const luminance = (colour: string) => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (one: string, other: string) => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
  return (light + 0.05) / (dark + 0.05)
}

describe('4.1 5.7 ganttSvg', () => {
  it('is an image with title and description, and draws each host once', () => {
    const svg = ganttSvg(gantt)
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="gantt-title gantt-desc"/)
    expect(svg).toContain('<title id="gantt-title">Plan of web</title>')
    expect(svg).toContain('web has 3 of 5 healthy at the lowest, minimum 3')
    expect(count(svg, 'rx="2" fill="#')).toBe(3)
    expect(isWellFormed(svg)).toBe(true)
  })

  it('says when a service falls below its minimum', () => {
    const svg = ganttSvg({ ...gantt, services: [{ id: 'web', hosts: 4, minimumHealthy: 3 }] })
    expect(svg).toContain('web: 2 of 4 healthy at the lowest, at least 3')
    expect(svg).toContain(`stroke="${ganttColours[4]}"`)
  })

  it('draws 3,000 hosts as a row for each service and zone, and stays small', () => {
    const bars = Array.from({ length: 3_000 }, (_, index) =>
      bar(`h${index}`, Math.floor(index / 10) * 600, { zone: index % 2 ? 'a' : 'b', services: [`s${index % 7}`] }),
    )
    const svg = ganttSvg({ ...gantt, bars })
    expect(svg).toContain('s3 / a')
    expect(svg.length).toBeLessThan(200_000)
    expect(isWellFormed(svg)).toBe(true)
  })

  it('has no style in a page, whose policy would refuse it, and both colour schemes in a file', () => {
    expect(ganttSvg(gantt)).not.toMatch(/<style|style=/)
    expect(ganttSvg(gantt, { isFile: true })).toContain('prefers-color-scheme:dark')
  })

  it.each(ganttColours.flatMap((colour) => ['#ffffff', '#16181d'].map((ground) => [colour, ground])))(
    'the colour %s stands out on %s',
    (colour, ground) => {
      expect(contrast(colour, ground)).toBeGreaterThanOrEqual(3)
    },
  )

  it('escapes every name and refers to nothing outside', () => {
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('<script>', '"onload="x', "'&", ']]>', '\u0000\ud800', 'url(http://x)'),
    )
    fc.assert(
      fc.property(name, name, name, name, (one, two, three, four) => {
        const svg = ganttSvg(
          {
            title: one,
            bars: [bar(two, 0, { services: [three], zone: four, group: one }), bar('x', 0, { group: two })],
            services: [{ id: three, hosts: 2, minimumHealthy: 1 }],
          },
          { isFile: true },
        )
        expect(isWellFormed(svg)).toBe(true)
        expect(svg).not.toMatch(/<script|href=|xlink|\ud800/)
        expect(svg).not.toContain('\u0000')
      }),
      { numRuns: 200, seed: 7 },
    )
  })

  it('I17 is the same for any order of its lists', () => {
    expect(ganttSvg({ ...gantt, bars: gantt.bars.toReversed() })).toBe(ganttSvg(gantt))
  })

  it('draws a picture of nothing', () => {
    expect(isWellFormed(ganttSvg({ title: 'none', bars: [], services: [] }))).toBe(true)
  })
})

describe('levelsOf', () => {
  it('counts what is in work, and lets an end make room for a start', () => {
    expect(levelsOf([bar('a', 0), bar('b', 600), bar('c', 600)]).map(({ count: inWork }) => inWork)).toEqual([1, 2, 0])
  })

  it('keeps every peak when it draws fewer steps', () => {
    const bars = Array.from({ length: 5_000 }, (_, index) => bar(`h${index}`, index * 100, { durationSeconds: 90 }))
    const steps = levelsOf([...bars, bar('peak', 250_000, { durationSeconds: 20 })])
    const columns = columnsOf(steps, 500_000)
    expect(columns.length).toBeLessThan(1_300)
    expect(Math.max(...columns.map((column) => column.count))).toBe(2)
  })
})

describe('ticksOf', () => {
  it('names round instants', () => {
    expect(ticksOf(3_600).map(({ label }) => label)).toEqual([
      '0',
      '10 min',
      '20 min',
      '30 min',
      '40 min',
      '50 min',
      '1 h',
    ])
    expect(ticksOf(90_000_000).length).toBeLessThan(12)
    expect([span(45), span(7_500), span(90_000)]).toEqual(['45 s', '2 h 5 min', '1 d 1 h'])
  })
})

describe('ganttOfPlan', () => {
  it('puts a ring behind the one before it and its soak', () => {
    const [ring] = anyPlan().rings
    if (!ring) throw new Error('no ring')
    const { bars, services } = ganttOfPlan(anyPlan({ rings: [{ ...ring, name: 'canary', soakSeconds: 300 }, ring] }))
    expect(
      bars.map(({ group, startSeconds }) => [group, startSeconds]).filter(([, at]) => at === 0 || at === 2_100),
    ).toEqual([
      ['canary', 0],
      ['production', 2_100],
    ])
    expect(services).toEqual([{ id: 'web', hosts: 3, minimumHealthy: 2 }])
  })
})

describe('ganttOfSchedule', () => {
  it('counts as healthy what the problem leaves up', () => {
    const problem = PlanningProblem.parse({
      hosts: ['a', 'b', 'c'].map((id) => ({ id, services: ['web'], zone: 'z', ring: 'r', durationSeconds: 10 })),
      services: [{ id: 'web', maxUnavailable: 2 }],
      concurrency: 5,
    })
    expect(ganttOfSchedule(problem, { a: 0, b: 0, c: 10 })).toMatchObject({
      services: [{ id: 'web', hosts: 3, minimumHealthy: 1 }],
    })
  })
})
