/** Which requests the console accepts: small posts from its own pages, with methods that a route has. */
import type { Context, Env, Hono } from 'hono'
import type * as z from 'zod'

/** Far more than a vote with its comment. */
export const bodyBytesMax = 16 * 1024

export const jsonType = 'application/json'
export const formType = 'application/x-www-form-urlencoded'

/**
 * Whether a post comes from our own page, with the body type that the page sends.
 *
 * Another site can send neither our Origin nor JSON. A browser sends `Origin: null` for a plain form under
 * `Referrer-Policy: no-referrer` (Fetch, "append a request Origin header"); then Sec-Fetch-Site, which no page can
 * set, must say same-origin.
 */
export function isOwnPost(context: Context, consoleUrl: string, type: string): boolean {
  const origin = context.req.header('origin')
  const isOwnOrigin =
    origin === new URL(consoleUrl).origin ||
    (type === formType && origin === 'null' && context.req.header('sec-fetch-site') === 'same-origin')
  return isOwnOrigin && (context.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === type
}

/** A JSON body of this shape; undefined if it is not one. */
export async function jsonBody<T>(context: Context, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.safeParse(await context.req.json()).data
  } catch {
    return undefined
  }
}

/** Answers 405 with the allowed methods on every path that has a route. Call it last. */
export function refuseOtherMethods<E extends Env>(app: Hono<E>): void {
  const byPath = Map.groupBy(
    app.routes.filter(({ method }) => method !== 'ALL'),
    ({ path }) => path,
  )
  for (const [path, routes] of byPath) {
    const methods = new Set(routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))
    app.all(path, (context) => context.text('Method not allowed', 405, { allow: [...methods].join(', ') }))
  }
}
