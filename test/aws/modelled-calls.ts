/** Looks at the calls of a test file's mocks, and says what AWS's models would refuse of them; see mock-client.ts. */
export const modelledCalls = new Set<() => Promise<readonly string[]>>()
