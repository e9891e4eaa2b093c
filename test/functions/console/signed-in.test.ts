import { describe, expect, it } from 'vitest'
import { sessionAddress, signedIn } from '../../../functions/console/signed-in.ts'
import { sessionOf } from './any-console.ts'

const iam = { event: { requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::1:user/x' } } } } }

describe('2.2 signedIn', () => {
  it.each([
    ['the address of a token', sessionOf('a@example.com'), 'a@example.com'],
    ['the caller of IAM', iam, 'arn:aws:iam::1:user/x'],
    ['nobody', {}, 'console'],
    ['something of another shape', { event: { requestContext: { authorizer: { jwt: {} } } } }, 'console'],
    ['no bindings', undefined, 'console'],
  ])('is who API Gateway vouches for: %s', (_, env, who) => {
    expect(signedIn(env)).toBe(who)
  })
})

describe('B28 sessionAddress', () => {
  it.each([
    [true, 'a@example.com'],
    ['true', 'a@example.com'],
    [false, undefined],
    ['false', undefined],
    ['yes', undefined],
  ])('takes an address only where the issuer verified it: %s', (verified, address) => {
    expect(sessionAddress(sessionOf('a@example.com', verified))).toBe(address)
  })

  it('takes none where the token does not say, and none of IAM', () => {
    const unsaid = { event: { requestContext: { authorizer: { jwt: { claims: { email: 'a@example.com' } } } } } }
    expect([sessionAddress(unsaid), sessionAddress(iam), sessionAddress({})]).toEqual([undefined, undefined, undefined])
  })
})
