export interface ModelledMock {
  /** What AWS's models would refuse of the calls since the last look. */
  look(): Promise<readonly string[]>
  restore(): void
}

/** The mocks of the test file that runs now; see mock-client.ts. */
export const modelledMocks = new Set<ModelledMock>()
