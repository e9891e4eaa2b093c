/** Serves a web application on 127.0.0.1. */
import { createAdaptorServer } from '@hono/node-server'
import { type Listening, listen } from './listen.ts'

/** Listens on a free port; resolves once it does. */
export const serveApp = (fetch: (request: Request) => Response | Promise<Response>): Promise<Listening> =>
  listen(createAdaptorServer({ fetch }))
