/** What an operation of the simulated API gives back, and AWS's way of giving lists in pages. */
import type { Fleet } from './fleet.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
  /** Error code, as the header x-amzn-errortype carries it. */
  readonly error?: string
}

/** `account` is the one whose credentials signed the call: it sees and reaches its own nodes and commands only. */
export type Operation = (fleet: Fleet, input: unknown, nowMs: number, account: string) => Answer

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const fail = (type: string, message: string, status = 400): Answer => ({
  status,
  body: { __type: type, message },
  error: type,
})

const pageSize = 50

/** One page under `name`; the token is the place where the next one starts. */
export function paged(name: string, all: readonly unknown[], token: string | undefined, size = pageSize): Answer {
  if (token !== undefined && !/^\d{1,9}$/.test(token))
    return fail('InvalidNextToken', 'The specified token is not valid.')
  const start = Number(token ?? 0)
  const end = start + size
  return ok({ [name]: all.slice(start, end), ...(end < all.length ? { NextToken: String(end) } : {}) })
}
