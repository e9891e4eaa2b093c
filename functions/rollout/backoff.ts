/** 5.4: how long to wait before the next try: doubled each time, and spread. */

/** Doublings after which the pause grows no more. */
const doublingsMax = 6

/** 0 to 1, the same for the same text: jitter without a random number. */
function jitter(text: string): number {
  let hash = 2166136261
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619) >>> 0
  return hash / 4294967296
}

/** Milliseconds after try number `attempt` (from 1) of what `name` names. */
export const backoffMs = (baseSeconds: number, attempt: number, name: string): number =>
  Math.round(baseSeconds * 1000 * 2 ** Math.min(attempt - 1, doublingsMax) * (0.5 + jitter(`${name}${attempt}`)))
