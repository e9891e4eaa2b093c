/** One thing that doctor looked at: how it stands, and what to do about it. */

export interface Check {
  readonly name: string
  /** `warn`: it works, and somebody should know; `fail`: something will not work until it is mended. */
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do; empty where nothing is. */
  readonly mend: string
}

export const ok = (name: string, found: string): Check => ({ name, verdict: 'ok', found, mend: '' })
export const warn = (name: string, found: string, mend: string): Check => ({ name, verdict: 'warn', found, mend })
export const fail = (name: string, found: string, mend: string): Check => ({ name, verdict: 'fail', found, mend })

/** Runs one look; what cannot be looked at is no `ok`. */
export async function look(name: string, run: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await run()
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return [warn(name, `could not be looked at (${said.slice(0, 200)})`, 'sign in with a role that may read it')]
  }
}
