/**
 * The frame of every mail that asks: what and until when first, facts as ids and numbers, then the link, and apart from
 * it the code.
 */
import { html } from 'hono/html'
import type { Mail } from './ports.ts'

/** Facts of a mail in order, one per line. */
export type Facts = readonly (readonly [name: string, value: string])[]

/** The asker's text; `people` adds link and code. It must not contain text from a finding. */
export interface Letter {
  readonly subject: string
  /** One sentence: what is asked, and until when. */
  readonly intro: string
  readonly facts: Facts
  /** What to do on the linked page, in the imperative. */
  readonly action: string
  /** Sentences at the end. */
  readonly close: readonly string[]
}

/** One line of visible characters: a line break in a subject would start a new header (B9). */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** The grammar of ids in mails; anything else is counted, not shown (B6, B7). */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/

/** Most ids that a mail names; the rest are counted. */
export const idsShownMax = 12

/** The first ids, and how many more; anything that does not look like an id is only counted. */
export function idList(ids: readonly string[]): string {
  const shown = ids.filter((id) => idPattern.test(id)).slice(0, idsShownMax)
  const left = ids.length - shown.length
  if (shown.length === 0) return left === 0 ? 'none' : `${left}, shown on the page`
  return `${shown.join(', ')}${left === 0 ? '' : ` and ${left} more`}`
}

/** A code as printed: two groups of four. */
export const shownCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/** An instant (ISO 8601 UTC) for people, to the minute; rounded down, so that nobody is late by it. */
export const minuteText = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`

const subjectLengthMax = 150

interface LetterMailInput {
  readonly to: string
  readonly letter: Letter
  readonly link: string
  readonly code: string
}

/** The mail for one person, with the same content as text and HTML. */
export async function letterMail({ to, letter, link, code }: LetterMailInput): Promise<Mail> {
  const facts = letter.facts.map(([name, value]) => [name, oneLine(value)] as const)
  const width = Math.max(0, ...facts.map(([name]) => name.length)) + 2
  const text = [
    letter.intro,
    '',
    ...facts.map(([name, value]) => `${name.padEnd(width)}${value}`),
    '',
    `${letter.action}:`,
    link,
    '',
    `Your code: ${shownCode(code)}`,
    '',
    ...letter.close,
  ].join('\n')
  return {
    to,
    subject: oneLine(letter.subject).slice(0, subjectLengthMax),
    text,
    html: String(await htmlOf({ ...letter, facts }, link, code)),
  }
}

// Inline styles, and no meaning by colour alone: mail programs drop style sheets and invert for dark mode.
const htmlOf = ({ subject, intro, facts, action, close }: Letter, link: string, code: string) =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${oneLine(subject)}</title></head><body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:38rem"><p style="font-size:1.1em;font-weight:600">${intro}</p><table role="presentation" style="border-collapse:collapse">${facts.map(
    ([name, value]) =>
      html`<tr><th align="left" valign="top" style="padding:4px 16px 4px 0;font-weight:normal;opacity:.75;white-space:nowrap">${name}</th><td style="padding:4px 0;word-break:break-word">${value}</td></tr>`,
  )}</table><p style="margin:24px 0"><a href="${link}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5cad;color:#ffffff;font-weight:600;text-decoration:none">${action}</a></p><p>Your code: <strong style="font:1.25em ui-monospace,monospace;letter-spacing:.05em">${shownCode(code)}</strong></p>${close.map(
    (line) => html`<p style="opacity:.75">${line}</p>`,
  )}</div></body></html>`
