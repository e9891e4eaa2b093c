/** Fetches feeds: https (http on this machine only), one redirect, a ceiling on time and size. */
import { gunzipSync } from 'node:zlib'
import type { FeedSource } from '../intel/ports.ts'

const timeoutMs = 20_000
const bytesMax = 64_000_000
const isLocal = (url: URL) => url.hostname === '127.0.0.1' || url.hostname === 'localhost'

function checked(address: string, base?: string): URL {
  const url = new URL(address, base)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal(url)))
    throw new Error(`${url.origin} is not https`)
  return url
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b

export function httpFeedSource(): FeedSource {
  return {
    async fetch(address) {
      const ask = (url: URL) =>
        fetch(url, {
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
          headers: { 'user-agent': 'Mozilla/5.0 (compatible; Drydock)', accept: '*/*' },
        })
      const first = checked(address)
      let response = await ask(first)
      const location = response.headers.get('location')
      if (response.status >= 300 && response.status < 400 && location)
        response = await ask(checked(location, first.href))
      if (Number(response.headers.get('content-length') ?? 0) > bytesMax)
        throw new Error(`the feed is larger than ${bytesMax} bytes`)
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (bytes.length > bytesMax) throw new Error(`the feed is larger than ${bytesMax} bytes`)
      return { status: response.status, body: isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: bytesMax }) : bytes }
    },
  }
}
