import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configured, readConfiguration, Settings, variableOf } from '../../../functions/aws/configuration.ts'

const externalId = 'told-to-nobody-0001'
const whole = {
  DRYDOCK_TABLE: 'DrydockHub-Ledger-1A2B',
  DRYDOCK_ACCOUNT: '123456789012',
  AWS_REGION: 'eu-central-1',
  DRYDOCK_PARTITION: 'aws-us-gov',
  DRYDOCK_SPOKES: JSON.stringify([{ account: '222222222222', region: 'eu-west-1', externalId }]),
  DRYDOCK_EVIDENCE_POST_QUANTUM_KEY_ID: 'none',
  DRYDOCK_FINDING_AGGREGATORS: '333333333333,444444444444',
  DRYDOCK_SNS_APPROVERS: '',
  DRYDOCK_CHANGE_MACHINE_ARN: 'arn:aws:states:eu-central-1:123456789012:stateMachine:Change',
  DRYDOCK_DISPATCH_QUEUE_URL: 'http://127.0.0.1:4566/123456789012/dispatch',
}
const Some = Settings.pick({
  table: true,
  account: true,
  region: true,
  partition: true,
  spokes: true,
  evidencePostQuantumKeyId: true,
  findingAggregators: true,
  snsApprovers: true,
  changeMachineArn: true,
  dispatchQueueUrl: true,
  endpointUrl: true,
})
const faultOf = (environment: Readonly<Record<string, string | undefined>>) => {
  try {
    readConfiguration(Some, environment)
    return ''
  } catch (error) {
    return String(error)
  }
}

describe('10.2 readConfiguration', () => {
  it('gives typed values, and of the environment nothing else', () => {
    expect(readConfiguration(Some, { ...whole, PATH: '/bin', DRYDOCK_MAIL_SENDER: 'x' })).toEqual({
      table: 'DrydockHub-Ledger-1A2B',
      account: '123456789012',
      region: 'eu-central-1',
      partition: 'aws-us-gov',
      spokes: [{ account: '222222222222', region: 'eu-west-1', externalId }],
      evidencePostQuantumKeyId: undefined,
      findingAggregators: ['333333333333', '444444444444'],
      snsApprovers: [],
      changeMachineArn: whole.DRYDOCK_CHANGE_MACHINE_ARN,
      dispatchQueueUrl: whole.DRYDOCK_DISPATCH_QUEUE_URL,
    })
  })

  it.each(Object.keys(whole))('names %s when it is missing, as an empty one is where it must say something', (name) => {
    expect(faultOf({ ...whole, [name]: undefined })).toBe(
      `DrydockError: DD1002: ${name} is missing; deploy the hub stack again`,
    )
    const isList = name === 'DRYDOCK_SNS_APPROVERS' || name === 'DRYDOCK_FINDING_AGGREGATORS'
    expect(faultOf({ ...whole, [name]: '' })).toContain(isList ? '' : `${name} is missing`)
  })

  it.each([
    ['DRYDOCK_TABLE', 'a table', 'must be the name or id of a resource'],
    ['DRYDOCK_ACCOUNT', '12345678901', 'must be twelve digits'],
    ['AWS_REGION', 'Frankfurt', 'must be a region'],
    ['DRYDOCK_PARTITION', 'azure', 'must be a partition'],
    ['DRYDOCK_SPOKES', '[{', 'must be a JSON list of spokes'],
    ['DRYDOCK_FINDING_AGGREGATORS', '333333333333,', 'must be twelve digits'],
    ['DRYDOCK_SNS_APPROVERS', 'sven;olivia', 'must be the id of a person'],
    ['DRYDOCK_CHANGE_MACHINE_ARN', 'arn:aws:sns:eu-central-1:123456789012:x', 'must be an ARN of states'],
    ['DRYDOCK_DISPATCH_QUEUE_URL', 'file:///etc/passwd', 'must be an http or https address'],
  ])('names %s when it says %j, and what it must say', (name, value, must) => {
    const fault = faultOf({ ...whole, [name]: value })
    expect(fault).toMatch(new RegExp(`^DrydockError: DD1002: ${name}[.\\d]* is wrong: ${must}`))
  })

  it('names the place inside a list of spokes, and repeats no external id', () => {
    const spokes = [{ account: '2', region: 'eu-west-1', externalId }]
    const fault = faultOf({ ...whole, DRYDOCK_SPOKES: JSON.stringify(spokes) })
    expect(fault).toContain('DRYDOCK_SPOKES.0.account is wrong: must be twelve digits')
    expect(fault).not.toContain(externalId)
  })

  it('names everything that is missing or wrong at once', () => {
    const fault = faultOf({ ...whole, DRYDOCK_TABLE: undefined, DRYDOCK_ACCOUNT: 'x', AWS_REGION: '' })
    for (const name of ['DRYDOCK_TABLE', 'DRYDOCK_ACCOUNT', 'AWS_REGION']) expect(fault).toContain(name)
  })

  it('whatever a variable holds, the answer is a value or a fault that names it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), fc.string({ unit: 'binary' }), (name, value) => {
        const fault = faultOf({ ...whole, [name]: value })
        expect(fault === '' || fault.includes(name)).toBe(true)
      }),
    )
  })

  it('is read when ports are built, not when a module is loaded', () => {
    const build = configured(Settings.pick({ mailSender: true }), ({ mailSender }) => mailSender)
    expect(build).toThrow('DRYDOCK_MAIL_SENDER is missing')
  })
})

describe('variableOf', () => {
  it('gives every setting a variable of its own, in one spelling', () => {
    const names = Object.keys(Settings.shape).map(variableOf)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^(?:DRYDOCK(?:_[A-Z]+)+|AWS_REGION|AWS_ENDPOINT_URL)$/.test(name))).toEqual([])
    expect(variableOf('evidencePostQuantumKeyId')).toBe('DRYDOCK_EVIDENCE_POST_QUANTUM_KEY_ID')
  })
})
