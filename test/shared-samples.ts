/** Where the payloads that this project may not redistribute stand, when they stand beside it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const beside = (path: string) => {
  const full = fileURLToPath(new URL(`../../shared/data/${path}`, import.meta.url))
  return existsSync(full) ? full : undefined
}

export const sharedSamples = beside('samples')
export const sharedTables = beside('tables')
