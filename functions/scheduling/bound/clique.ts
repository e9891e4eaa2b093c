/**
 * Heavy cliques: hosts of which each is apart from every other, so that they follow each other. By greedy growth from
 * each host and by swaps; exact where the graph is chordal, as overlaps of intervals are.
 */
import type { Apart } from './apart.ts'

/** Partners looked at in all, which is some tenths of a second. */
const looksMax = 20_000_000

/** The heaviest clique that was found within a set. */
export function heavyClique(set: readonly number[], apart: Apart): number[] {
  const cliques = new Cliques(set, apart)
  cliques.alongCardinality()
  const heaviestFirst = set.toSorted((one, other) => cliques.weightAround(other) - cliques.weightAround(one))
  for (const first of heaviestFirst) {
    if (cliques.looks > looksMax) break
    cliques.growFrom(first)
  }
  cliques.swap()
  return cliques.best
}

class Cliques {
  looks = 0
  best: number[] = []
  private bestSeconds = 0
  private readonly set: readonly number[]
  private readonly seconds: Float64Array
  /** By host of the set: its partners in the set. */
  private readonly partners: ReadonlyMap<number, readonly number[]>
  private readonly marks: Int32Array
  private mark = 0

  constructor(set: readonly number[], { seconds, partners }: Apart) {
    this.set = set
    this.seconds = seconds
    const isIn = new Uint8Array(seconds.length)
    for (const one of set) isIn[one] = 1
    this.partners = new Map(set.map((one) => [one, [...(partners[one] ?? [])].filter((other) => isIn[other] === 1)]))
    this.marks = new Int32Array(seconds.length)
  }

  weightAround(one: number): number {
    return this.sum(this.partnersOf(one)) + (this.seconds[one] ?? 0)
  }

  /** Maximum cardinality search: in a chordal graph, what was seen of a host's partners before it is a clique with it. */
  alongCardinality() {
    const seen = new Set<number>()
    const counts = new Map(this.set.map((one) => [one, 0]))
    const buckets: number[][] = [[...this.set]]
    for (let count = 0; count >= 0; ) {
      const one = buckets[count]?.pop()
      if (one === undefined) {
        count--
        continue
      }
      if (seen.has(one) || counts.get(one) !== count) continue
      seen.add(one)
      const partners = this.partnersOf(one)
      this.grow(
        one,
        partners.filter((other) => seen.has(other)),
      )
      for (const other of partners) {
        if (seen.has(other)) continue
        const more = (counts.get(other) ?? 0) + 1
        counts.set(other, more)
        buckets[more] = [...(buckets[more] ?? []), other]
      }
      count++
      if (this.looks > looksMax / 2) return
    }
  }

  growFrom(first: number) {
    this.grow(first, this.partnersOf(first))
  }

  /** Hosts that are apart from all of the best but one, and longer than that one, take its place; then the clique grows. */
  swap() {
    for (let found = true; found && this.looks < 2 * looksMax; ) {
      found = false
      const missing = new Map<number, number[]>()
      for (const member of this.best) {
        this.markPartners(member)
        for (const one of this.set)
          if (this.marks[one] !== this.mark && one !== member) missing.set(one, [...(missing.get(one) ?? []), member])
        this.looks += this.set.length
      }
      for (const [one, members] of missing) {
        if (this.best.includes(one) || this.sum(members) >= (this.seconds[one] ?? 0)) continue
        const without = this.best.filter((member) => !members.includes(member))
        this.keep([one, ...without])
        found = true
        break
      }
    }
  }

  private partnersOf(one: number): readonly number[] {
    return this.partners.get(one) ?? []
  }

  private sum(hosts: readonly number[]): number {
    return hosts.reduce((sum, host) => sum + (this.seconds[host] ?? 0), 0)
  }

  private markPartners(one: number) {
    this.mark++
    const partners = this.partnersOf(one)
    for (const other of partners) this.marks[other] = this.mark
    this.looks += partners.length
  }

  /** Of the candidates that are left, the one with the most work among the others beside its own. */
  private grow(first: number, candidates: readonly number[]) {
    const clique = [first]
    let left = candidates
    while (left.length > 0) {
      if (this.sum(clique) + this.sum(left) <= this.bestSeconds) return
      const next = left.reduce((best, one) => ((this.seconds[one] ?? 0) > (this.seconds[best] ?? 0) ? one : best))
      clique.push(next)
      this.markPartners(next)
      this.looks += left.length
      left = left.filter((one) => this.marks[one] === this.mark)
    }
    this.keep(clique)
  }

  private keep(clique: number[]) {
    const seconds = this.sum(clique)
    if (seconds <= this.bestSeconds) return
    this.best = clique
    this.bestSeconds = seconds
  }
}
