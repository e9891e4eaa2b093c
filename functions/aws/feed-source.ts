/** Fetches feeds: https (http on this machine only), one redirect, bounded time and size. */
import { gunzipSync } from 'node:zlib'
import type { FeedSource } from '../intel/ports.ts'
import { DrydockError } from '../kit/errors.ts'

/** The whole EPSS file is 3 MB compressed and 10 MB uncompressed. */
const limits = { timeoutMs: 20_000, bytesMax: 64_000_000 } as const
export type FeedLimits = { readonly timeoutMs: number; readonly bytesMax: number }

const isLocal = (url: URL) => url.hostname === '127.0.0.1' || url.hostname === 'localhost'

/**
 * The address as a URL, if it may be fetched: https, or http on this machine, to which no redirect from elsewhere may
 * lead.
 *
 * @throws DrydockError DD1202 where it may not.
 */
export function feedUrl(address: string, from?: URL): URL {
  const url = URL.parse(address, from?.href)
  const mayBeLocal = from === undefined || isLocal(from)
  const isAllowed = url !== null && (isLocal(url) ? mayBeLocal : url.protocol === 'https:')
  if (!isAllowed || !['http:', 'https:'].includes(url.protocol))
    throw new DrydockError(
      'DD1202',
      `a feed may not be fetched from ${url?.origin ?? 'a malformed address'}${from ? `, where ${from.origin} redirects` : ''}; give an https address`,
    )
  return url
}

const tooLarge = (url: URL, bytesMax: number) =>
  new DrydockError(
    'DD1202',
    `the answer of ${url.origin} is larger than ${bytesMax} bytes; check the address of the feed`,
  )

async function bodyOf(response: Response, url: URL, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > bytesMax) throw tooLarge(url, bytesMax)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b

export function httpFeedSource({ timeoutMs, bytesMax }: FeedLimits = limits): FeedSource {
  return {
    async fetch(address) {
      const signal = AbortSignal.timeout(timeoutMs)
      // CISA answers unusual user agents with 403.
      const headers = { 'user-agent': 'Mozilla/5.0 (compatible; Drydock)', accept: '*/*' }
      const ask = (url: URL) => fetch(url, { redirect: 'manual', signal, headers })
      let url = feedUrl(address)
      let response = await ask(url)
      const location = response.headers.get('location')
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel()
        url = feedUrl(location, url)
        response = await ask(url)
      }
      const bytes = await bodyOf(response, url, bytesMax)
      // Some hosts decompress on the way and some do not, whatever the file name: the first two bytes tell.
      return { status: response.status, body: isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: bytesMax }) : bytes }
    },
  }
}
