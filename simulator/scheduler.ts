/**
 * Virtual time: one queue of (time, sequence, action) on which everything of a simulated cloud runs, an action at a
 * time.
 */
import { DrydockError } from '../functions/kit/errors.ts'
import type { Clock } from '../functions/kit/ports.ts'
import { isoInstant } from '../functions/kit/time.ts'
import { EventQueue, type ScheduledEvent } from './event-queue.ts'

export interface SchedulerOptions {
  /** The virtual instant at which time starts. */
  readonly startMs: number
  /** Actions after which a run counts as endless; absent: a million. */
  readonly stepsMax?: number
  /** Who waits for what beyond what the scheduler knows, one line each; called when a run stalls. */
  readonly describe?: () => readonly string[]
  /** Told of every action before it runs. */
  readonly onStep?: (event: { readonly atMs: number; readonly sequence: number; readonly what: string }) => void
}

export interface RunOptions {
  /** Asked before the first action and after each. */
  readonly until: () => boolean | Promise<boolean>
  /** Virtual milliseconds that the run may take; absent: 400 days. */
  readonly withinMs?: number
  /** Virtual milliseconds after which schedules alone, with nothing else to do, count as a stall; absent: a day. */
  readonly quietMs?: number
}

const dayMs = 86_400_000
/** Turns of the event loop that one action may take: it waits for nothing but promises, and those need one or a few. */
const turnsMax = 10_000

/** Lets every promise that can go on go on. */
const turn = () => new Promise<void>((done) => setImmediate(done))

export class Scheduler {
  readonly clock: Clock = { nowMs: () => this.nowMs }
  private readonly queue = new EventQueue()
  private readonly options: SchedulerOptions
  /** Work for which time stands still. */
  private readonly calls = new Set<{ readonly what: string }>()
  private nowMs: number
  private sequence = 0
  private steps = 0
  /** Events that are no schedule of the cloud. */
  private foreground = 0
  private busyAtMs: number

  constructor(options: SchedulerOptions) {
    this.options = options
    this.nowMs = options.startMs
    this.busyAtMs = options.startMs
  }

  /** Actions taken so far. */
  get stepCount(): number {
    return this.steps
  }

  /**
   * Runs `action` after `delayMs` unless the function that it returns is called first. An action that fails
   * ends the run.
   */
  after(delayMs: number, what: string, action: () => unknown, isBackground = false): () => void {
    const atMs = this.nowMs + Math.max(0, Math.ceil(delayMs))
    const event: ScheduledEvent = { atMs, sequence: this.sequence++, what, action, isBackground, isCancelled: false }
    this.queue.push(event)
    if (!isBackground) this.foreground++
    return () => {
      if (event.isCancelled) return
      event.isCancelled = true
      if (!isBackground) this.foreground--
    }
  }

  /** Runs `action` again and again, as a schedule of the cloud does: it keeps no run from ending. */
  every(periodMs: number, what: string, action: () => unknown): () => void {
    let cancel: () => void
    const next = () => {
      cancel = this.after(
        periodMs,
        what,
        () => {
          next()
          return action()
        },
        true,
      )
    }
    next()
    return () => cancel()
  }

  /** Resolves after `delayMs` of virtual time. */
  sleep(delayMs: number, what: string): Promise<void> {
    return new Promise((done) => this.after(delayMs, what, done))
  }

  /** Does a piece of work that waits for no virtual time: time stands still until it has ended. */
  async call<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    const call = { what }
    this.calls.add(call)
    try {
      return await work()
    } finally {
      this.calls.delete(call)
    }
  }

  /**
   * Takes the next action and lets everything that follows from it at this instant happen.
   *
   * @returns false where nothing is scheduled.
   * @throws what the action throws; DrydockError DD2441 beyond `stepsMax`, DD2442 when work waits for something outside
   * virtual time.
   */
  async step(): Promise<boolean> {
    const event = this.queue.pop()
    if (!event) return false
    // Whoever cancels it from now on comes too late.
    event.isCancelled = true
    if (++this.steps > (this.options.stepsMax ?? 1_000_000))
      throw new DrydockError('DD2441', `no end after ${this.steps - 1} actions; ${this.state()}`)
    this.nowMs = Math.max(this.nowMs, event.atMs)
    if (!event.isBackground) {
      this.foreground--
      this.busyAtMs = this.nowMs
    }
    this.options.onStep?.(event)
    let failure: { readonly error: unknown } | undefined
    this.call(event.what, async () => event.action()).catch((error: unknown) => {
      failure = { error }
    })
    await this.settle()
    if (failure) throw failure.error
    return true
  }

  /**
   * Takes actions until `until` holds.
   *
   * @throws DrydockError DD2440 when it never will: nothing is left to do, or the time given is over; the text says who
   * waits for what.
   */
  async run({ until, withinMs = 400 * dayMs, quietMs = dayMs }: RunOptions): Promise<void> {
    const endMs = this.nowMs + withinMs
    this.busyAtMs = this.nowMs
    await this.settle()
    while (!(await until())) {
      const next = this.queue.peek()
      if (!next) throw this.stalled('nothing is scheduled any more')
      if (next.atMs > endMs) throw this.stalled(`it did not happen within ${withinMs / 1000} virtual seconds`)
      if (this.foreground === 0 && next.atMs - this.busyAtMs > quietMs)
        throw this.stalled(`nothing but schedules ran for ${quietMs / 1000} virtual seconds`)
      await this.step()
    }
  }

  /** Lets time pass up to an instant. */
  async runTo(atMs: number): Promise<void> {
    while ((this.queue.peek()?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) await this.step()
    this.nowMs = Math.max(this.nowMs, atMs)
  }

  /** Lets time pass while a piece of work runs that may sleep; gives back what the work gives. */
  async during<T>(work: () => Promise<T>, options?: Omit<RunOptions, 'until'>): Promise<T> {
    let isOver = false
    const result = work().finally(() => {
      isOver = true
    })
    // Who waits for `result` hears of its failure below; a run that fails first is told instead.
    result.catch(() => undefined)
    await this.run({ ...options, until: () => isOver })
    return result
  }

  private async settle(): Promise<void> {
    for (let turns = 0; ; turns++) {
      await turn()
      if (this.calls.size === 0) return
      if (turns >= turnsMax)
        throw new DrydockError('DD2442', `${[...this.calls][0]?.what} waits for something outside virtual time`)
    }
  }

  private stalled(because: string): DrydockError {
    return new DrydockError('DD2440', `the run stalled at ${isoInstant(this.nowMs)}: ${because}; ${this.state()}`)
  }

  /** Who waits for what: what the cloud says, and the next few things scheduled. */
  private state(): string {
    const next = this.queue
      .all()
      .toSorted((left, right) => left.atMs - right.atMs || left.sequence - right.sequence)
      .slice(0, 5)
      .map(({ atMs, what }) => `${what} at ${isoInstant(atMs)}`)
    const waits = this.options.describe?.() ?? []
    return `waiting: ${waits.join('; ') || 'nobody'}; scheduled: ${next.join(', ') || 'nothing'}`
  }
}
