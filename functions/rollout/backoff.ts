/** 5.4: exponential backoff with jitter. */

/** Doublings after which the pause stops growing. */
const doublingsMax = 6

/** 0 to 1, the same for the same text: jitter without a random number. */
function jitter(text: string): number {
  let hash = 2166136261
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619) >>> 0
  return hash / 4294967296
}

/** Milliseconds to wait after try number `attempt` (from 1) of the work `name`. */
export const backoffMs = (baseSeconds: number, attempt: number, name: string): number =>
  Math.round(baseSeconds * 1000 * 2 ** Math.min(attempt - 1, doublingsMax) * (0.5 + jitter(`${name}${attempt}`)))
