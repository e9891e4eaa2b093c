/** One check of doctor: its result, and what to do about it. */

export interface Check {
  readonly name: string
  /** `warn`: it works, but somebody should know; `fail`: something does not work until this is fixed. */
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do; empty if nothing. */
  readonly mend: string
}

export const ok = (name: string, found: string): Check => ({ name, verdict: 'ok', found, mend: '' })
export const warn = (name: string, found: string, mend: string): Check => ({ name, verdict: 'warn', found, mend })
export const fail = (name: string, found: string, mend: string): Check => ({ name, verdict: 'fail', found, mend })

/** Runs one check; what cannot be checked is never `ok`. */
export async function look(name: string, run: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await run()
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return [warn(name, `could not be checked (${said.slice(0, 200)})`, 'sign in with a role that may read it')]
  }
}
