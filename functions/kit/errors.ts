/** Faults carry a stable code that has a page under docs/errors; operating outcomes are values, never errors. */

/**
 * A fault with a stable code.
 *
 * The text says what happened, the value got, the value expected and what to do;
 * `docs/errors/<code>.md` says the rest. Ranges: DD10 kit, DD11 intake, DD12 intel, DD13 risk, DD14 catalogue,
 * DD15 changes, DD16 planning, DD17 people and approvals, DD18 rollout, DD19 validation, DD20 rollback, DD21 evidence,
 * DD22 console, DD23 cli, DD24 local cloud, DD25 outcomes and migrations.
 */
export class DrydockError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options)
    this.name = 'DrydockError'
    this.code = code
  }
}
