/**
 * A schedule as a picture: which hosts are in work when, and below it each service's healthy hosts against its minimum.
 */

import { byText } from '../kit/by-text.ts'
import { counted } from '../kit/display-text.ts'
import { clipped, columnsOf, escaped, type Level, levelsOf, peakOf, round, span, ticksOf } from './gantt-parts.ts'

/** A host's time in work, in seconds from the start of the picture. */
export interface GanttBar {
  readonly hostId: string
  readonly services: readonly string[]
  readonly zone: string
  /** What the colour stands for: a ring. */
  readonly group: string
  readonly startSeconds: number
  readonly durationSeconds: number
}

/** A service of the picture and the healthy hosts that it must keep. */
export interface GanttService {
  readonly id: string
  /** All hosts of the service, in work or not. */
  readonly hosts: number
  readonly minimumHealthy: number
}

/** The content of a picture, made by `ganttOfPlan` or `ganttOfSchedule`. The order of the lists does not matter. */
export interface Gantt {
  readonly title: string
  readonly bars: readonly GanttBar[]
  readonly services: readonly GanttService[]
}

interface GanttOptions {
  /**
   * Adds background and text colours for light and dark, for a standalone picture; in a page the text takes the page's
   * colour.
   */
  readonly isFile?: boolean
  /** Prefix of the title's and description's ids, for pages with several pictures. */
  readonly id?: string
}

interface Row {
  readonly label: string
  readonly svg: (top: number) => string
}

interface Frame {
  /** Seconds that the plot is wide. */
  readonly seconds: number
  readonly x: (seconds: number) => number
}

const width = 960
const plotLeft = 200
const plotRight = 944
const rowHeight = 18
const healthyHeight = 46
/** Above this a picture has a row for each service and zone instead of each host. */
const hostRowsMax = 60
const groupRowsMax = 60
const healthyMax = 12

/**
 * Each at least 3:1 against white and against #16181d, and apart for the colour-blind by lightness or hue (WCAG 2.2,
 * 1.4.11).
 */
export const ganttColours = ['#2b7bba', '#c2630d', '#238a57', '#8a63d2', '#d1495b', '#17848f'] as const

/**
 * The picture as SVG text: accessible, with every name escaped and nothing from outside; the same input gives the same
 * bytes.
 *
 * Up to 60 hosts each have a row; more are drawn as how many are in work per service and zone. Of many services only
 * those with the least margin over minimum healthy are drawn.
 */
export function ganttSvg(gantt: Gantt, { isFile = false, id = 'gantt' }: GanttOptions = {}): string {
  const bars = gantt.bars.toSorted(
    (one, other) => one.startSeconds - other.startSeconds || byText(one.hostId, other.hostId),
  )
  const seconds = Math.max(1, peakOf(bars.map(({ startSeconds, durationSeconds }) => startSeconds + durationSeconds)))
  const frame: Frame = { seconds, x: (at) => round(plotLeft + ((plotRight - plotLeft) * at) / seconds) }
  const groups = [...new Set(bars.map(({ group }) => group))]
  const colourOf = (group: string) => ganttColours[Math.max(0, groups.indexOf(group)) % ganttColours.length] ?? ''
  const rows = bars.length <= hostRowsMax ? bars.map((bar) => hostRow(bar, frame, colourOf)) : groupRows(bars, frame)
  const healthy = healthyOf(gantt, bars)
  const legendTop = 34
  const rowsTop = legendTop + (groups.length > 1 && bars.length <= hostRowsMax ? 18 : 0)
  const axisTop = rowsTop + rows.length * rowHeight
  const healthyTop = axisTop + 42
  const height = healthyTop + healthy.length * healthyHeight + 12
  const description = describe(gantt, healthy)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${escaped(id)}-title ${escaped(id)}-desc" font-family="system-ui, sans-serif" font-size="11" fill="currentColor">`,
    `<title id="${escaped(id)}-title">${escaped(gantt.title)}</title>`,
    `<desc id="${escaped(id)}-desc">${escaped(description)}</desc>`,
    isFile ? fileStyle : '',
    isFile ? `<rect class="paper" width="${width}" height="${height}"/>` : '',
    text(plotLeft, 20, gantt.title, 'font-size="14" font-weight="600"'),
    ...(rowsTop > legendTop ? legend(groups, legendTop + 8, colourOf) : []),
    ...grid(frame, rowsTop, axisTop),
    ...rows.flatMap(({ label, svg }, index) => {
      const top = rowsTop + index * rowHeight
      return [rowLabel(label, top + rowHeight / 2), svg(top)]
    }),
    healthy.length === 0
      ? ''
      : text(plotLeft, healthyTop - 6, 'Healthy hosts; the dashed line is minimum healthy', 'font-weight="600"'),
    ...healthy.map((one, index) => healthyPlot(one, frame, healthyTop + index * healthyHeight)),
    '</svg>',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** A standalone file sets its own colours. */
const fileStyle =
  '<style>svg{color:#1b1d22}.paper{fill:#fff}@media (prefers-color-scheme:dark){svg{color:#e8eaed}.paper{fill:#16181d}}</style>'

const text = (x: number, y: number, content: string, attributes = '') =>
  `<text x="${x}" y="${y}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(content)}</text>`

const rowLabel = (label: string, middle: number) =>
  text(plotLeft - 8, middle, clipped(label, 30), 'text-anchor="end" dominant-baseline="middle"')

function legend(groups: readonly string[], middle: number, colourOf: (group: string) => string): string[] {
  const step = Math.min(150, (plotRight - plotLeft) / groups.length)
  return groups.flatMap((group, index) => [
    `<rect x="${round(plotLeft + index * step)}" y="${middle - 9}" width="10" height="10" rx="2" fill="${colourOf(group)}"/>`,
    text(round(plotLeft + index * step + 14), middle, clipped(group, Math.max(3, Math.floor(step / 7) - 3))),
  ])
}

function grid({ seconds, x }: Frame, top: number, bottom: number): string[] {
  return ticksOf(seconds).flatMap(({ at, label }) => [
    `<line x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}" stroke="currentColor" stroke-opacity="0.18"/>`,
    text(x(at), bottom + 14, label, 'text-anchor="middle" opacity="0.8"'),
  ])
}

function hostRow(bar: GanttBar, { x }: Frame, colourOf: (group: string) => string): Row {
  const { hostId, zone, services, group, startSeconds, durationSeconds } = bar
  const endSeconds = startSeconds + durationSeconds
  const hint = `${hostId}: ${span(startSeconds)} to ${span(endSeconds)}, zone ${zone}, ${services.toSorted(byText).join(', ')}, ${group}`
  const left = x(startSeconds)
  return {
    label: hostId,
    svg: (top) =>
      `<rect x="${left}" y="${top + 3}" width="${Math.max(1, round(x(endSeconds) - left))}" height="${rowHeight - 6}" rx="2" fill="${colourOf(group)}"><title>${escaped(hint)}</title></rect>`,
  }
}

/** How many hosts of each service and zone are in work, as areas; a host of several services counts in each. */
function groupRows(bars: readonly GanttBar[], frame: Frame): Row[] {
  const groups = new Map<string, { label: string; bars: GanttBar[] }>()
  for (const bar of bars)
    for (const service of new Set(bar.services)) {
      const key = JSON.stringify([service, bar.zone])
      const group = groups.get(key) ?? { label: `${service} / ${bar.zone}`, bars: [] }
      group.bars.push(bar)
      groups.set(key, group)
    }
  const largest = [...groups]
    .toSorted(([left, one], [right, other]) => other.bars.length - one.bars.length || byText(left, right))
    .slice(0, groupRowsMax)
    .toSorted(([left], [right]) => byText(left, right))
  const rows = largest.map(([, group], index): Row => {
    const steps = levelsOf(group.bars)
    const peak = Math.max(1, peakOf(steps.map(({ count }) => count)))
    const hint = `${group.label}: ${counted(group.bars.length, 'host')}, at most ${peak} in work at once`
    const colour = ganttColours[index % ganttColours.length] ?? ''
    return {
      label: group.label,
      svg: (top) => area(steps, frame, { top: top + 2, height: rowHeight - 4, peak, colour, hint }),
    }
  })
  const left = groups.size - largest.length
  return left === 0 ? rows : [...rows, { label: `and ${left} more`, svg: () => '' }]
}

interface AreaLook {
  readonly top: number
  readonly height: number
  readonly peak: number
  readonly colour: string
  readonly hint: string
}

function area(steps: readonly Level[], frame: Frame, { top, height, peak, colour, hint }: AreaLook): string {
  const y = (count: number) => round(top + height - (height * count) / peak)
  const path = stepPath(columnsOf(steps, frame.seconds), frame, y)
  return `<path d="${path}V${y(0)}H${frame.x(0)}Z" fill="${colour}"><title>${escaped(hint)}</title></path>`
}

function stepPath(steps: readonly Level[], { x, seconds }: Frame, y: (count: number) => number): string {
  const first = y(steps[0]?.at === 0 ? steps[0].count : 0)
  return `M${x(0)} ${first}${steps.map(({ at, count }) => `H${x(at)}V${y(count)}`).join('')}H${x(seconds)}`
}

interface Healthy {
  readonly service: GanttService
  readonly steps: readonly Level[]
  readonly lowest: number
}

/** The services that the bars touch, those with the least margin over minimum healthy first. */
function healthyOf({ services }: Gantt, bars: readonly GanttBar[]): Healthy[] {
  const byService = new Map<string, GanttBar[]>()
  for (const bar of bars)
    for (const id of new Set(bar.services)) {
      const own = byService.get(id) ?? []
      own.push(bar)
      byService.set(id, own)
    }
  return services
    .flatMap((service) => {
      const steps = levelsOf(byService.get(service.id) ?? [])
      return steps.length === 0
        ? []
        : [{ service, steps, lowest: service.hosts - peakOf(steps.map(({ count }) => count)) }]
    })
    .toSorted(
      (one, other) =>
        one.lowest - one.service.minimumHealthy - (other.lowest - other.service.minimumHealthy) ||
        byText(one.service.id, other.service.id),
    )
    .slice(0, healthyMax)
}

function healthyPlot({ service, steps, lowest }: Healthy, frame: Frame, top: number): string {
  const { id, hosts, minimumHealthy } = service
  const [bottom, height] = [top + healthyHeight - 8, healthyHeight - 14]
  const floor = Math.max(0, Math.min(lowest, minimumHealthy) - 1)
  const y = (healthy: number) => round(bottom - (height * (healthy - floor)) / Math.max(1, hosts - floor))
  const line = stepPath(columnsOf(steps, frame.seconds), frame, (count) => y(hosts - count))
  const colour = lowest < minimumHealthy ? ganttColours[4] : ganttColours[0]
  const hint = `${id}: ${lowest} of ${hosts} healthy at the lowest, at least ${minimumHealthy}`
  return [
    '<g>',
    `<title>${escaped(hint)}</title>`,
    rowLabel(id, top + 14),
    text(plotLeft - 8, top + 28, `${lowest} of ${hosts}, minimum ${minimumHealthy}`, 'text-anchor="end" opacity="0.8"'),
    `<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    `<line x1="${plotLeft}" x2="${plotRight}" y1="${y(minimumHealthy)}" y2="${y(minimumHealthy)}" stroke="currentColor" stroke-dasharray="5 4"/>`,
    '</g>',
  ].join('')
}

function describe({ bars, services }: Gantt, healthy: readonly Healthy[]): string {
  const end = peakOf(bars.map(({ startSeconds, durationSeconds }) => startSeconds + durationSeconds))
  const shown = healthy.map(
    ({ service, lowest }) =>
      `${service.id} has ${lowest} of ${service.hosts} healthy at the lowest, minimum ${service.minimumHealthy}`,
  )
  const of = services.length > healthy.length ? ` (${healthy.length} of ${services.length} services)` : ''
  return `${counted(bars.length, 'host')} in ${span(end)}. ${shown.join('; ')}${of}.`
}
