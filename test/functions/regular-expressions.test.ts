import { describe, expect, it } from 'vitest'
import { filesUnder } from '../house/source-files.ts'

interface Found {
  readonly at: string
  readonly expression: RegExp
}

/** A literal stands where a value may: a slash behind a value divides. */
const literal =
  /(?:[=(:,[!&|?{};]|\breturn|=>)\s*\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)(?=[\s.,;)\]}]|$)/gm

function expressionsOf({ path, text }: { readonly path: string; readonly text: string }): Found[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  return [...code.matchAll(literal)].flatMap(([, source = '', flags = '']) => {
    try {
      return [{ at: `${path} /${source}/`, expression: new RegExp(source, flags.replace(/[gy]/g, '')) }]
    } catch {
      return []
    }
  })
}

const found = filesUnder(['functions', 'documents'], '.ts').flatMap(expressionsOf)

/** Pieces that the expression names, and what most expressions take, each once. */
function piecesOf({ source }: RegExp): string[] {
  const words = source.match(/[A-Za-z]{2,}/g) ?? []
  const marks = source.match(/[^A-Za-z0-9\\()[\]{}?*+^$|]/g) ?? []
  return [...new Set(['a', '0', ' ', ...marks.slice(0, 6), ...words.slice(0, 3), 'A', '\t'])]
}

const timeOf = (expression: RegExp, text: string) => {
  const before = process.cpuUsage()
  expression.test(text)
  return process.cpuUsage(before).user / 1000
}

/**
 * The text that an expression takes too long for. Where time grows with the square of the length, 30,000 characters take
 * several times the limit; where it doubles with each character, 25 do. What is linear takes a thousandth of it.
 */
function slowText(expression: RegExp): string | undefined {
  const limitMs = 100
  const pieces = piecesOf(expression)
  const pairs = pieces.slice(0, 7).flatMap((one) => pieces.slice(0, 7).map((other) => one + other))
  const units = [...pieces, ...pairs]
  for (const length of [14, 25, 30_000])
    for (const unit of units) {
      const text = `${unit.repeat(Math.ceil(length / unit.length))}\u0000`
      // Twice, because the collector or the compiler may have been busy once.
      if (timeOf(expression, text) > limitMs && timeOf(expression, text) > limitMs) return `${unit}...`
    }
  return undefined
}

describe('B20 regular expressions', () => {
  it('are found', () => {
    expect(found.length).toBeGreaterThan(100)
  })

  it('the check knows a slow one', () => {
    expect(slowText(/^(?:a+)+$/)).toBeDefined()
    expect(slowText(/\s+$/)).toBeDefined()
    expect(slowText(/^\s+$/)).toBeUndefined()
  }, 60_000)

  it('take time that grows with the text and no faster, whatever the text', () => {
    const slow = found.flatMap(({ at, expression }) => {
      const text = slowText(expression)
      return text === undefined ? [] : [`${at} on ${JSON.stringify(text)}`]
    })
    expect(slow).toEqual([])
  }, 60_000)
})
