import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { formType, isOwnPost, jsonBody, jsonType, refuseOtherMethods } from '../../../functions/console/requests.ts'

const consoleUrl = 'https://console.example.com/path'
const origin = 'https://console.example.com'
const app = new Hono()
app.post('/json', (context) => context.json(isOwnPost(context, consoleUrl, jsonType)))
app.post('/form', (context) => context.json(isOwnPost(context, consoleUrl, formType)))
app.post('/body', async (context) =>
  context.json((await jsonBody(context, z.strictObject({ a: z.number() }))) ?? 'none'),
)
app.get('/page', (context) => context.text('page'))
refuseOtherMethods(app)
const posted = async (path: string, headers: Record<string, string>, body = '{}') =>
  (await app.request(path, { method: 'POST', headers, body })).json()

describe('B31 isOwnPost', () => {
  it.each([
    ['its own page', { origin, 'content-type': 'application/json; charset=utf-8' }, true],
    ['another site', { origin: 'https://evil.example.com', 'content-type': jsonType }, false],
    ['its own host by another scheme', { origin: origin.replace('https', 'http'), 'content-type': jsonType }, false],
    ['no page', { 'content-type': jsonType }, false],
    ['a plain form', { origin, 'content-type': formType }, false],
    ['a page without an origin', { origin: 'null', 'sec-fetch-site': 'same-origin', 'content-type': jsonType }, false],
  ])('takes JSON from its own page alone: %s', async (_, headers, isOwn) => {
    expect(await posted('/json', headers)).toBe(isOwn)
  })

  it.each([
    ['same-origin', true],
    ['same-site', false],
    ['cross-site', false],
  ])('takes a form without an origin only where the browser says same-origin: %s', async (site, isOwn) => {
    const headers = { origin: 'null', 'sec-fetch-site': site, 'content-type': formType }
    expect(await posted('/form', headers)).toBe(isOwn)
  })
})

describe('jsonBody', () => {
  it.each([
    ['the shape asked for', '{"a":1}', { a: 1 }],
    ['another shape', '{"a":1,"b":2}', 'none'],
    ['no JSON', '{', 'none'],
  ])('reads %s', async (_, body, read) => {
    expect(await posted('/body', {}, body)).toEqual(read)
  })
})

describe('refuseOtherMethods', () => {
  it('answers 405 with the methods that a path has, and leaves those alone', async () => {
    const refused = await app.request('/page', { method: 'DELETE' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect((await app.request('/page')).status).toBe(200)
    expect((await app.request('/elsewhere', { method: 'DELETE' })).status).toBe(404)
  })
})
