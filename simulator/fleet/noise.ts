/** Chance that repeats: the same seed gives the same fleet, the same lengths of steps and the same samples. */
export class Noise {
  private readonly seed: number
  private counter = 0

  constructor(seed: number) {
    this.seed = seed
  }

  /** 0 to 1, the same for the same text and seed. */
  chance(text: string): number {
    let hash = this.seed >>> 0
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 2654435761) >>> 0
    hash ^= hash >>> 15
    hash = Math.imul(hash, 2246822519) >>> 0
    return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296
  }

  /** 0 to 1, another one at each call. */
  next(text: string): number {
    return this.chance(`${text}${this.counter++}`)
  }

  uuid(kind: string): string {
    const hex = Array.from({ length: 4 }, (_, part) =>
      Math.floor(this.chance(`${kind}${this.counter}${part}`) * 4294967296)
        .toString(16)
        .padStart(8, '0'),
    ).join('')
    this.counter++
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}
