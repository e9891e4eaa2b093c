/** Time and identifiers that tests and the in-process scenario set themselves. */
import { monotonicFactory } from 'ulid'
import type { Clock, Ids } from '../../functions/kit/ports.ts'
import type { Random } from '../random.ts'

export function fixedClock(startMs: number): Clock & { advance(byMs: number): void; set(ms: number): void } {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    advance: (byMs) => {
      nowMs += byMs
    },
    set: (ms) => {
      nowMs = ms
    },
  }
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** ULID-shaped identifiers that count up. */
export function sequentialIds(start = 1): Ids {
  let count = start
  return {
    next: () => {
      let text = ''
      for (let rest = count++; text.length < 16; rest = Math.floor(rest / 32)) text = `${alphabet[rest % 32]}${text}`
      return `01J0000000${text}`
    },
  }
}

/** ULIDs of virtual time and of one stream of randomness: the same seed gives the same identifiers. */
export function seededIds(clock: Clock, random: Random): Ids {
  const next = monotonicFactory(random.fraction)
  return { next: () => next(clock.nowMs()) }
}
