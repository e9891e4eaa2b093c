/** AWS's request limits as a token bucket for each operation. */
import { ownValue } from '../../functions/kit/table.ts'

export interface Limit {
  readonly perSecond: number
  readonly burst: number
}

export class Throttle {
  private readonly limits: Readonly<Record<string, Limit>>
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>()

  constructor(limits: Readonly<Record<string, Limit>>) {
    this.limits = limits
  }

  /** False when the operation has no token left now. Operations without a limit always pass. */
  take(operation: string, nowMs: number): boolean {
    const limit = ownValue(this.limits, operation)
    if (!limit) return true
    const bucket = this.buckets.get(operation) ?? { tokens: limit.burst, atMs: nowMs }
    const tokens = Math.min(limit.burst, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * limit.perSecond)
    this.buckets.set(operation, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
    return tokens >= 1
  }
}
