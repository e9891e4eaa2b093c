/** Instants as text. */

/** An instant in milliseconds since the epoch as ISO 8601 UTC with milliseconds. */
export const isoInstant = (ms: number): string => new Date(ms).toISOString()
