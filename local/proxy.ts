/** A plain address for the console: the emulator serves HTTP APIs by host name, which a browser on a laptop cannot resolve. */
import { createServer, request } from 'node:http'
import { type Listening, listen } from './listen.ts'

export interface Proxy extends Listening {
  /** The API's host name, which is known once the API is there; 502 until then. */
  forwardTo(host: string): void
}

/** Forwards every request to `target` (host and port) under the API's host name; 502 while the emulator is away. */
export async function startProxy(target: URL): Promise<Proxy> {
  let host = 'not-deployed-yet.invalid'
  const server = createServer((incoming, outgoing) => {
    const forward = request(
      {
        hostname: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, host },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    forward.setTimeout(30_000, () => forward.destroy(new Error('timed out')))
    forward.once('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502, { 'content-type': 'text/plain' })
      outgoing.end('The local cloud does not answer.')
    })
    incoming.pipe(forward)
  })
  return {
    ...(await listen(server)),
    forwardTo(name) {
      host = name
    },
  }
}
