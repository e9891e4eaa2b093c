/** HTTP servers on this machine alone, on a port that the system picks: no other program can take it in between. */
import type { Server } from 'node:net'
import { DrydockError } from '../functions/kit/errors.ts'

export interface Listening {
  /** `http://127.0.0.1:PORT` */
  readonly address: string
  /** Ends it with the connections that are open. */
  close(): Promise<void>
}

type HttpServer = Server & { closeAllConnections?(): void }

/**
 * Listens on a free port, or on `port`.
 *
 * @throws Error when `port` is taken, and DrydockError DD2421 when there is no port.
 */
export async function listen(server: HttpServer, port = 0): Promise<Listening> {
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new DrydockError('DD2421', 'no free port on 127.0.0.1')
  return {
    address: `http://127.0.0.1:${bound.port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections?.()
      }),
  }
}
