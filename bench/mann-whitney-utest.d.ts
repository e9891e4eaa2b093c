/** Types of the peer of the benchmark, which brings none. */
declare module 'mann-whitney-utest' {
  /** U of both sides. */
  export function test(samples: readonly [number[], number[]]): [number, number]
}
