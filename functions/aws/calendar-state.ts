/**
 * States of SSM Change Calendars by GetCalendarState, stepped through transition by transition: one answer names only
 * the next.
 */
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm'
import * as z from 'zod'
import type { CalendarReading, CalendarStates } from '../calendar/index.ts'
import { clientSettings } from './runtime.ts'

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html */
const CalendarState = z.object({
  State: z.enum(['OPEN', 'CLOSED']),
  NextTransitionTime: z.iso.datetime({ offset: true }).optional(),
})

export interface CalendarStateOptions {
  /** Transitions to look ahead, per calendar; after the last one a calendar counts as closed. */
  readonly changesMax: number
  /** Time for all calendars together, in milliseconds. */
  readonly timeoutMs?: number
}

/** Reads SSM calendars; an error, an unknown or a late answer is `unknown` with its reason. */
export function ssmCalendarStates(
  { changesMax, timeoutMs = 5_000 }: CalendarStateOptions,
  client = new SSMClient(clientSettings),
): CalendarStates {
  return {
    async read(calendars, nowMs) {
      const abortSignal = AbortSignal.timeout(timeoutMs)
      const ask = async (name: string, atMs: number) => {
        abortSignal.throwIfAborted()
        // SSM takes whole seconds.
        const AtTime = `${new Date(atMs).toISOString().slice(0, 19)}Z`
        const answer = client.send(new GetCalendarStateCommand({ CalendarNames: [name], AtTime }), { abortSignal })
        return CalendarState.parse(await answer)
      }
      const read = calendars.map(async (name) => [name, await readOne(name, nowMs, { changesMax, ask })] as const)
      return new Map(await Promise.all(read))
    },
  }
}

interface Asking {
  readonly changesMax: number
  readonly ask: (name: string, atMs: number) => Promise<z.infer<typeof CalendarState>>
}

async function readOne(name: string, nowMs: number, { changesMax, ask }: Asking): Promise<CalendarReading> {
  const changes: { atMs: number; state: 'OPEN' | 'CLOSED' }[] = []
  let atMs = nowMs
  while (changes.length < changesMax) {
    const answer = await ask(name, atMs).catch((error: unknown) => ({ because: reasonOf(error) }))
    // What was learned before a fault still holds.
    if ('because' in answer) return changes.length === 0 ? { unknown: answer.because } : { changes, untilMs: atMs }
    changes.push({ atMs, state: answer.State })
    if (answer.NextTransitionTime === undefined) return { changes }
    const nextMs = Date.parse(answer.NextTransitionTime)
    if (!(nextMs > atMs))
      return {
        unknown: `SSM names ${answer.NextTransitionTime} as the next transition after ${new Date(atMs).toISOString()}`,
      }
    atMs = nextMs
  }
  return { changes, untilMs: atMs }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return 'SSM answered with an unknown state'
  if (!(error instanceof Error)) return String(error)
  return error.name === 'AbortError' || error.name === 'TimeoutError'
    ? 'SSM did not answer in time'
    : `${error.name}: ${error.message}`
}
