/** The simulated feeds behind HTTP, for functions that fetch them. */
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type FeedContents, type LocalKevRow, makeFeeds } from '../simulator/feeds.ts'
import { listen } from './listen.ts'

export interface FeedServer {
  readonly address: string
  /** Puts other rows into the catalogue and releases it, later than the release before. */
  setKev(rows: readonly LocalKevRow[]): void
  close(): Promise<void>
}

/** Serves `/kev.json`, `/epss.csv.gz` and `/vulnrichment/<year>/<n>xxx/<cve>.json` on 127.0.0.1; the same bytes until `setKev`. */
export async function startFeedServer({
  contents,
  port,
}: {
  readonly contents?: FeedContents
  readonly port?: number
}): Promise<FeedServer> {
  const feeds = makeFeeds(Date.now(), contents)
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    const text = feeds.textAt(path)
    const body = text !== undefined && path.endsWith('.gz') ? gzipSync(text) : text
    response.writeHead(text === undefined ? 404 : 200).end(body)
  })
  return { ...(await listen(server, port)), setKev: (rows) => feeds.setKev(rows, Date.now()) }
}
