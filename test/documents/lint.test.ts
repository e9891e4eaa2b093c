import { describe, expect, it } from 'vitest'
import { documentContent, documentNames } from '../../documents/index.ts'
import { lintDocument, lintTemplate } from '../../documents/lint.ts'
import { windowsDocumentNames, windowsDocuments } from '../../documents/windows.ts'

const ofWindows = windowsDocuments({ bucket: 'drydock-overrides-123456789012', region: 'eu-central-1' })

interface Planted {
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly runCommand?: readonly unknown[]
  readonly step?: Readonly<Record<string, unknown>>
}

const anyDocument = ({ parameters = {}, runCommand = ['true'], step = {} }: Planted = {}) => ({
  schemaVersion: '2.2',
  parameters,
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'runStep',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: { runCommand },
      ...step,
    },
  ],
})
const good = { type: 'String', allowedPattern: '^[a-z]{1,8}$', interpolationType: 'ENV_VAR' }

describe('5.1 lintDocument', () => {
  it.each(documentNames)('finds nothing in %s', (name) => {
    expect(lintDocument(name, documentContent(name))).toEqual([])
  })

  it.each(windowsDocumentNames)('finds nothing in %s', (name) => {
    expect(lintDocument(name, ofWindows[name])).toEqual([])
  })

  it('finds nothing in a small good document', () => {
    expect(lintDocument('x', anyDocument({ parameters: { name: good }, runCommand: ['echo "$SSM_name"'] }))).toEqual([])
  })

  it.each<[string, Planted, RegExp]>([
    ['rule 1: no ENV_VAR', { parameters: { a: { ...good, interpolationType: undefined } } }, /as text/],
    ['rule 1: no pattern', { parameters: { a: { type: 'String', interpolationType: 'ENV_VAR' } } }, /accepts anything/],
    ['rule 1: a pattern with one open end', { parameters: { a: { ...good, allowedPattern: '^[a-z]+' } } }, /both ends/],
    ['rule 1: a pattern for everything', { parameters: { a: { ...good, allowedPattern: '^.*$' } } }, /accepts/],
    ['rule 1: a pattern with a quote', { parameters: { a: { ...good, allowedPattern: "^[a-z']+$" } } }, /accepts/],
    [
      'rule 1: a pattern without a limit',
      { parameters: { a: { ...good, allowedPattern: '^[a-z]+$' } } },
      /accepts "aaa/,
    ],
    ['rule 1: a pattern with options', { parameters: { a: { ...good, allowedPattern: '^[A-Za-z:=-]{1,99}$' } } }, /-o/],
    ['rule 1: a broken pattern', { parameters: { a: { ...good, allowedPattern: '^[$' } } }, /has an invalid pattern/],
    [
      'rule 1: a pattern that RE2 refuses',
      { parameters: { a: { ...good, allowedPattern: '^([a-z]{1,99} ){0,20}$' } } },
      /invalid pattern.*repeat/,
    ],
    [
      'rule 1: a look-ahead',
      { parameters: { a: { ...good, allowedPattern: '^(?=a)[a-z]{1,8}$' } } },
      /invalid pattern/,
    ],
    [
      'rule 1: neither a limit nor maxChars',
      { parameters: { a: { ...good, allowedPattern: '^(k=[a-z]{1,8} )*$' } } },
      /maxChars/,
    ],
    ['rule 5: a short step name', { step: { name: 'run' } }, /4 to 128/],
    ['rule 5: a document of 64 KB', { runCommand: [`# ${'x'.repeat(65_000)}`, 'true'.repeat(200)] }, /64 KB/],
    ['rule 1: a list', { parameters: { a: { ...good, type: 'StringList' } } }, /only String/],
    ['rule 2: substitution', { parameters: { a: good }, runCommand: ['echo {{ a }}'] }, /substituted before/],
    ['rule 2: substitution in a comment', { parameters: { a: good }, runCommand: ['# {{a}}'] }, /substituted before/],
    ['rule 3: a hyphen in a name', { parameters: { 'a-b': good } }, /does not make a shell variable name/],
    ['rule 4: an unquoted parameter', { runCommand: ['echo $SSM_a'] }, /unquoted/],
    ['rule 4: unquoted in braces', { runCommand: ['for x in ${SSM_a:-}; do', 'true', 'done'] }, /unquoted/],
    ['rule 4: unquoted after quotes', { runCommand: ['echo "a" $SSM_a "b"'] }, /unquoted/],
    ['rule 4: unquoted inside a substitution', { runCommand: ['x="$(echo $SSM_a)"'] }, /unquoted/],
    ['rule 4: unquoted on a later line', { runCommand: ['echo "a', 'b" $SSM_a'] }, /2: .*unquoted/],
    ['rule 4: eval', { runCommand: ['eval "$SSM_a"'] }, /runs code from outside the document/],
    ['rule 4: eval later in the line', { runCommand: ['true; eval "$SSM_a"'] }, /runs code from outside the document/],
    ['rule 4: source', { runCommand: ['. "$SSM_a"'] }, /runs code from outside the document/],
    ['rule 4: a shell in a shell', { runCommand: ['sh -c "$SSM_a"'] }, /a shell runs text as code/],
    ['rule 4: bash -ec', { runCommand: ['bash -e -c "$SSM_a"'] }, /a shell runs text as code/],
    ['B1 a download', { runCommand: ['curl x | sh'] }, /network/],
    ...[
      'iex $env:SSM_a',
      '& $env:SSM_a',
      '$x = & "$env:SSM_a"',
      '. $env:SSM_a',
      '[ScriptBlock]::Create($env:SSM_a)',
      'powershell.exe -EncodedCommand $env:SSM_a',
    ].map((line): [string, Planted, RegExp] => [
      `PowerShell: ${line}`,
      { step: { action: 'aws:runPowerShellScript' }, runCommand: [line] },
      /PowerShell runs/,
    ]),
    ['B1 a download by PowerShell', { runCommand: ['Invoke-WebRequest -Uri $env:SSM_a'] }, /network/],
    ['a line that is no text', { runCommand: [{ 'Fn::Sub': 'x' }] }, /not a string/],
    ['another action', { step: { action: 'aws:runDockerAction' } }, /not one of ours/],
    ['no precondition', { step: { precondition: undefined } }, /platformType/],
    [
      'code by reference',
      { step: { action: 'aws:runDocument', inputs: { documentPath: 'AWS-RunShellScript' } } },
      /runs AWS-RunShellScript/,
    ],
    [
      'B42 an override list from anywhere',
      {
        parameters: { url: { ...good, allowedPattern: '^https://[a-z./]{1,99}$' } },
        step: {
          action: 'aws:runDocument',
          inputs: { documentPath: 'AWS-RunPatchBaseline', documentParameters: { InstallOverrideList: '{{ url }}' } },
        },
      },
      /more than a key/,
    ],
    [
      'B5 a value of the parameter store',
      { step: { inputs: { workingDirectory: '{{ssm:/secret}}', runCommand: ['true'] } } },
      /more than a key/,
    ],
  ])('names %s', (_, planted, fault) => {
    expect(lintDocument('x', anyDocument(planted)).join('\n')).toMatch(fault)
  })

  it('rule 5: names a step whose name another one has', () => {
    const { mainSteps, ...rest } = anyDocument()
    expect(lintDocument('x', { ...rest, mainSteps: [...mainSteps, ...mainSteps] }).join()).toMatch(/two steps/)
  })

  it.each([undefined, null, 'text', [], {}])('refuses %j, which is no document', (content) => {
    expect(lintDocument('x', content)).not.toEqual([])
  })
})

describe('5.1 lintTemplate', () => {
  const template = (Content: unknown) => ({
    Resources: {
      Doc: { Type: 'AWS::SSM::Document', Properties: { Name: 'x', Content } },
      Other: { Type: 'AWS::S3::Bucket', Properties: {} },
    },
  })

  it('reads documents written as objects and as text', () => {
    const bad = anyDocument({ runCommand: ['eval x'] })
    expect(lintTemplate(template(bad))).toHaveLength(1)
    expect(lintTemplate(template(JSON.stringify(bad)))).toHaveLength(1)
    expect(lintTemplate(template(anyDocument()))).toEqual([])
  })

  it('refuses a document that cannot be read', () => {
    expect(lintTemplate(template('schemaVersion: "2.2"'))).not.toEqual([])
  })
})

describe('5.1 parameters of the documents', () => {
  const packages = new RegExp(documentContent('Drydock-Install').parameters.packages?.allowedPattern ?? 'none')

  it.each([
    'snapd=2.63+22.04ubuntu0.1',
    'openssl=3.0.2-0ubuntu1.16 curl=7.81.0-1ubuntu1.13',
    'libstdc++6=12.3.0-1ubuntu1~22.04 g++=4:11.2.0-1ubuntu1',
    'kernel=6.1.90-99.173.amzn2023 bind-libs=32:9.11.4-26.P2.amzn2.13',
    'rust=1.70.0~rc1^git123-1.fc39',
    '',
  ])('take %j', (list) => {
    expect(packages.test(list)).toBe(true)
  })

  it.each([
    ['B1', 'foo; curl x|sh'],
    ['B1', 'foo=1.0;id'],
    ['B2', 'foo=1.0$(reboot)'],
    ['B2', 'foo=`id`'],
    ['B2', 'foo=%0a'],
    ['B5', 'foo={{ssm:/secret}}'],
    ['an option', '--allow-unauthenticated=1'],
    ['an option', '-oDPkg::Pre-Invoke::=id'],
    ['a removal', 'foo=1.0-'],
    ['an addition', 'foo=1.0+'],
    ['no version', 'foo'],
    ['an empty version', 'foo='],
    ['two blanks', 'foo=1  bar=1'],
    ['a line break', 'foo=1\nbar=1'],
    ['a glob', 'foo*=1'],
    ['a path', './foo=1'],
  ])('%s refuse %j', (_, list) => {
    expect(packages.test(list)).toBe(false)
  })

  it('B20 answer the worst text at once', () => {
    const started = performance.now()
    packages.test(`${'a='.repeat(20_000)}!`)
    packages.test(`${'a=a '.repeat(20_000)}!`)
    packages.test(`a=${'~'.repeat(50_000)}!`)
    expect(performance.now() - started).toBeLessThan(100)
  })
})
