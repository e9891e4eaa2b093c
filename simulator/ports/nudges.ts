/** Nudges kept in memory; whoever runs the stages takes them from `sent`. */
import type { Nudges, Stage } from '../../functions/kit/ports.ts'

export interface SentNudge {
  readonly stage: Stage
  readonly message: Readonly<Record<string, string | number>>
  readonly delaySeconds: number
}

export function memoryNudges(onSend?: (nudge: SentNudge) => void): Nudges & { readonly sent: SentNudge[] } {
  const sent: SentNudge[] = []
  return {
    sent,
    async send(stage, message, delaySeconds = 0) {
      const nudge = { stage, message, delaySeconds }
      sent.push(nudge)
      onSend?.(nudge)
    },
  }
}
