/** Serves a Hono app through API Gateway, at its one configured address. */
import type { Env, Hono } from 'hono'
import { handle } from 'hono/aws-lambda'

export interface Served<Variables extends Env> {
  readonly app: Hono<Variables>
  /** The app's own address, as people open it. */
  readonly address: string
}

/**
 * The handler of a Lambda behind an HTTP API. The app is built at the cold start.
 *
 * A caller's Host and forwarding headers are ignored: the app sees only its configured address.
 */
export function serveApp<Variables extends Env>(build: () => Served<Variables>): ReturnType<typeof handle> {
  let served: { readonly answer: ReturnType<typeof handle>; readonly host: string } | undefined
  return (event, context) => {
    if (served === undefined) {
      const { app, address } = build()
      served = { answer: handle(app), host: new URL(address).host }
    }
    const { answer, host } = served
    return answer(
      {
        ...event,
        headers: { ...event.headers, host },
        ...('domainName' in event.requestContext
          ? { requestContext: { ...event.requestContext, domainName: host } }
          : {}),
      },
      context,
    )
  }
}
