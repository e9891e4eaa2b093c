/** What goes wrong, scripted: by node and step, or for the whole fleet. */
export interface Fault {
  readonly fault:
    | 'transient-failure'
    | 'permanent-failure'
    | 'delivery-timeout'
    | 'execution-timeout'
    | 'never-returns-from-reboot'
    | 'lying-success'
    | 'lying-failure'
    | 'bad-patch'
    | 'missing-events'
    | 'doubled-events'
  readonly hostId?: string
  readonly step?: string
  /** How often it strikes; absent: always. */
  times?: number
  /** For bad-patch: which version hurts, and how long after the install it shows. */
  readonly packageName?: string
  readonly version?: string
  readonly afterSeconds?: number
  /** For events: the share that is lost or doubled. */
  readonly share?: number
}

/** The fault that strikes a node at a step now; it is used up by being asked for. */
export function faultFor(faults: readonly Fault[], hostId: string, step: string): Fault | undefined {
  const found = faults.find(
    (fault) => fault.hostId === hostId && fault.step === step && (fault.times === undefined || fault.times > 0),
  )
  if (found?.times !== undefined) found.times--
  return found
}
