/** Types for the benchmark's peer, which ships none. */
declare module 'mann-whitney-utest' {
  /** U of both sides. */
  export function test(samples: readonly [number[], number[]]): [number, number]
}
