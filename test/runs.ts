/** How often a property is tried: in `npm test` a third of what CI tries, which sets DRYDOCK_RUNS=full. */
const share = 3

/** The runs of a property of which `full` are tried in CI. */
export const runs = (full: number): number =>
  process.env.DRYDOCK_RUNS === 'full' ? full : Math.max(1, Math.ceil(full / share))
