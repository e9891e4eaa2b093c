/** A plain address for the console: the emulator serves HTTP APIs by host name, which a browser on a laptop cannot resolve. */
import { createServer, request } from 'node:http'

/** Forwards every request to `target` (host and port) under the API's host name; 502 while the emulator is away. */
export async function startProxy({
  port,
  target,
  host,
}: {
  readonly port: number
  readonly target: URL
  readonly host: string
}): Promise<{ close(): Promise<void> }> {
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
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
