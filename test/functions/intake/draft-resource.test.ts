import { describe, expect, it } from 'vitest'
import { checkResource } from '../../../functions/intake/draft-resource.ts'

const host = 'i-0a1b2c3d4e5f60718'
const draft = (more: object = {}) => ({ type: 'AwsEc2Instance', id: host, at: 'at', ...more })
const resource = (more: object) => {
  const checked = checkResource(draft(more))
  return 'refused' in checked ? checked : checked.resource
}

describe('B3 checkResource', () => {
  it.each([
    ['AWS_EC2_INSTANCE', host, 'ec2-instance'],
    ['AWS::EC2::Instance', host, 'ec2-instance'],
    ['AwsEc2Instance', 'mi-0a1b2c3d4e5f60718', 'managed-node'],
    ['AWS_LAMBDA_FUNCTION', 'f', 'lambda-function'],
    ['constructor', 'x', 'other'],
    [undefined, host, 'ec2-instance'],
    [undefined, 'mi-0a1b2c3d4e5f60718', 'managed-node'],
    ['Something', 'x', 'other'],
  ])('knows the type %s of %s: %s', (type, id, expected) => {
    expect(resource({ type, id })).toMatchObject({ type: expected })
  })

  it('takes id and account of a host out of its ARN', () => {
    const checked = checkResource(draft({ id: `arn:aws:ec2:eu-west-1:444455556666:instance/${host}` }))
    expect(checked).toMatchObject({ account: '444455556666', resource: { id: host } })
  })

  it.each([
    ['no id', { id: ' ' }, 'UNREADABLE'],
    ['a host id with a line of shell', { id: `${host};rm` }, 'BAD_RESOURCE_ID'],
    ['a host id of nine digits', { id: 'i-0a1b2c3d4' }, 'BAD_RESOURCE_ID'],
    ['an invisible character', { type: 'Other', id: 'a\u200bb' }, 'BAD_RESOURCE_ID'],
    ['an id without end', { type: 'Other', id: 'a'.repeat(2_049) }, 'BAD_RESOURCE_ID'],
  ])('refuses %s', (_, more, code) => {
    expect(checkResource(draft(more))).toMatchObject({ refused: code })
  })

  it.each([
    ['a map', { a: '1', b: '2' }],
    [
      'a list of keys',
      [
        { key: 'a', value: '1' },
        { Key: 'b', Value: '2' },
      ],
    ],
    [
      'a list of names',
      [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
    ],
  ])('reads tags from %s', (_, tags) => {
    expect(resource({ tags })).toMatchObject({ tags: { a: '1', b: '2' } })
  })

  it('B11 has no tag of a prototype, and cuts a list that is too long', () => {
    const hostile = JSON.parse('{"__proto__":"x","":"y","a":"1"}')
    expect(resource({ tags: hostile })).toMatchObject({ tags: { a: '1' } })
    const many = Array.from({ length: 201 }, (_, at) => ({ key: `k${at}`, value: '' }))
    expect(checkResource(draft({ tags: many }))).toMatchObject({ flags: ['tags-cut'] })
  })
})
