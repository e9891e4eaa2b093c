/** Builds the bundles before the suites that read them, which run side by side. */
import { bundleHandlers } from '../../infra/bundle.ts'

export async function setup(): Promise<void> {
  await bundleHandlers()
}
