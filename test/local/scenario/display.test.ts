import { describe, expect, it } from 'vitest'
import { bar, isLiveTerminal, makeDisplay } from '../../../local/scenario/display.ts'

function terminal(isTTY: boolean, columns = 40) {
  const written: string[] = []
  const stream = { isTTY, columns, write: (text: string) => written.push(text) > 0 }
  return { stream: stream as unknown as NodeJS.WriteStream, written }
}

/** What a terminal shows after cursor-up and erase-below. */
function screenOf(written: readonly string[]): string[] {
  const lines: string[] = []
  for (const part of written) {
    const up = part.startsWith('\u001b[') ? Number(part.slice(2, part.indexOf('A'))) : undefined
    if (up !== undefined) lines.splice(lines.length - up)
    else lines.push(...part.replace(/\n$/, '').split('\n'))
  }
  return lines.map((line) => line.replace(/^ *\d+\.\d s /, ''))
}

describe('progress of the scenario', () => {
  it('keeps events above one block that moves with them', () => {
    const { stream, written } = terminal(true)
    const display = makeDisplay(stream, false)
    display.status(['web in-progress'])
    display.line('found one')
    display.status(['web closed', 'db held'])
    display.line('found two')
    expect(screenOf(written)).toEqual([
      ' found one',
      ' found two',
      '',
      ' now',
      '          web closed',
      '          db held',
    ])
    display.end()
    expect(screenOf(written)).toEqual([' found one', ' found two'])
  })

  it('cuts a line of the block at the width, for a wrapped line cannot be taken back', () => {
    const { stream, written } = terminal(true, 20)
    makeDisplay(stream, false).status(['x'.repeat(100)])
    expect(Math.max(...screenOf(written).map(({ length }) => length))).toBe(19)
  })

  it.each([
    ['without a terminal', false, false],
    ['when plain lines are asked for', true, true],
  ])('writes plain lines and no block %s', (_when, isTTY, isPlain) => {
    const { stream, written } = terminal(isTTY)
    const display = makeDisplay(stream, isPlain)
    display.status(['web'])
    display.line('found one')
    display.end()
    expect(written.join('')).not.toContain('\u001b')
    expect(screenOf(written)).toEqual([' found one'])
  })

  it('takes a dumb terminal for none', () => {
    const { stream } = terminal(true)
    expect([isLiveTerminal(stream, 'xterm'), isLiveTerminal(stream, 'dumb')]).toEqual([true, false])
  })

  it('draws a bar with its count', () => {
    expect(bar(1, 2)).toBe(`   1/2 ${'█'.repeat(10)}${'░'.repeat(10)}`)
    expect(bar(0, 0)).toBe(`   0/0 ${'░'.repeat(20)}`)
  })
})
