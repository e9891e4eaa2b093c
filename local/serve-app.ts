/** Serves a web application on 127.0.0.1. */
import { createAdaptorServer } from '@hono/node-server'
import { freePort } from '../tools/processes.ts'

export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly address: string
  close(): Promise<void>
}

/** Listens on `port`, or on one that is free; resolves once it does, rejects where it cannot. */
export async function serveApp(
  fetch: (request: Request) => Response | Promise<Response>,
  port?: number,
): Promise<Served> {
  const server = createAdaptorServer({ fetch })
  const listening = port ?? (await freePort())
  await new Promise<void>((done, fail) => server.once('error', fail).listen(listening, '127.0.0.1', done))
  return {
    address: `http://127.0.0.1:${listening}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
