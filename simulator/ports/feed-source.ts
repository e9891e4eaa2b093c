/** Feeds straight from the simulated publishers, without HTTP between. */
import type { FeedSource } from '../../functions/intel/index.ts'
import type { Feeds } from '../feeds.ts'

/** Answers by the path of the address, whatever its host; 404 where no feed stands. */
export const simulatedFeedSource = (feeds: Feeds): FeedSource => ({
  async fetch(address) {
    const text = feeds.textAt(new URL(address).pathname)
    return { status: text === undefined ? 404 : 200, body: new TextEncoder().encode(text ?? '') }
  },
})
