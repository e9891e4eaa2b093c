/** Directories that are made once and read by many: made beside their place and moved there whole. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What nobody made again for a day is of sources that are gone. */
const keptMs = 86_400_000

function removeOld(place: string) {
  for (const one of readdirSync(dirname(place))) {
    const path = join(dirname(place), one)
    if (path !== place && Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { recursive: true, force: true })
  }
}

/**
 * The directory `place`, made by `make` when it is not there; of two who make it at once, the first to end stays.
 *
 * @returns `place`.
 */
export async function madeOnce(place: string, make: (directory: string) => Promise<void>): Promise<string> {
  if (existsSync(place)) return place
  mkdirSync(dirname(place), { recursive: true })
  const draft = mkdtempSync(join(dirname(place), `.${basename(place)}-`))
  try {
    await make(draft)
    renameSync(draft, place)
    removeOld(place)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  return place
}
