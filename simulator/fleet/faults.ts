/** What goes wrong, scripted: by node and step, or for the whole fleet. */
export interface Fault {
  readonly fault: /** The package manager's lock is taken: exit 1. F24's neighbour on the host. */
    | 'transient-failure'
    | 'permanent-failure'
    /** F25: the agent never picks the command up. */
    | 'delivery-timeout'
    /** F26: SSM gives up, the node finishes later all the same. */
    | 'execution-timeout'
    /** F31 */
    | 'never-returns-from-reboot'
    /** F28 */
    | 'lying-success'
    /** F27 */
    | 'lying-failure'
    /** F29: the instance goes away in the middle of the step. */
    | 'terminated'
    /** F33: the agent is gone before the command comes. */
    | 'agent-offline'
    | 'access-denied'
    /** F36, and a patch that breaks the service at once: the step works, the service on the node does not come up. */
    | 'service-down'
    /** F35: a version that hurts, perhaps only after some time. */
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

/** How many events tell of an end: one, unless a scripted fault loses or doubles it. */
export function eventCountOf(faults: readonly Fault[], chance: () => number): number {
  const scripted = faults.find(({ fault }) => fault === 'missing-events' || fault === 'doubled-events')
  if (!scripted || chance() >= (scripted.share ?? 0.2)) return 1
  return scripted.fault === 'missing-events' ? 0 : 2
}
