/** An HTTP server that offers packages, and fails when it is told to. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'

/** How a mirror fails: without files, without anything, wrong bytes, 503 to all, or two seconds late. */
export type Fault = 'no-files' | 'nothing' | 'corrupt' | 'unavailable' | 'slow'

interface Offer {
  readonly directory: string
  texts: Readonly<Record<string, string | Buffer>>
  fault?: Fault | undefined
}

/** Repositories by name, at `http://127.0.0.1:PORT/NAME/`. */
export class RepositoryServer {
  private readonly offers = new Map<string, Offer>()
  private readonly server: Server = createServer((request, response) => {
    const [, name = '', ...rest] = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname).split('/')
    const path = rest.join('/').replace(/^\.\//, '')
    const offer = this.offers.get(name)
    const isPackage = /\.(deb|rpm)$/.test(path)
    if (offer?.fault === 'unavailable') return void response.writeHead(503).end()
    if (!offer || offer.fault === 'nothing' || (offer.fault === 'no-files' && isPackage))
      return void response.writeHead(404).end()
    const text = offer.texts[path]
    const file = join(offer.directory, path)
    const content = text ?? (existsSync(file) ? readFileSync(file) : undefined)
    if (content === undefined) return void response.writeHead(404).end()
    const body = Buffer.from(content)
    if (offer.fault === 'corrupt' && isPackage)
      body[Math.floor(body.length / 2)] = (body[Math.floor(body.length / 2)] ?? 0) ^ 1
    const etag = `"${createHash('sha256').update(body).digest('hex')}"`
    const answer = () => response.writeHead(200, { 'content-length': body.length, etag }).end(body)
    if (offer.fault === 'slow' && isPackage) setTimeout(answer, 2_000)
    else answer()
  })

  async listen(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done))
  }

  url(name: string): string {
    const address = this.server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/${name}/`
  }

  /** Offers these texts and the files of a directory under a name; replaces what was there. */
  offer(name: string, directory: string, texts: Readonly<Record<string, string | Buffer>>) {
    this.offers.set(name, { directory, texts, fault: this.offers.get(name)?.fault })
  }

  fail(name: string, fault: Fault | undefined) {
    const offer = this.offers.get(name)
    if (offer) offer.fault = fault
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }
}
