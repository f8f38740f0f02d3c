import { DomainError } from '../problem/domain-error.ts'

export class OverloadedError extends DomainError {
  override readonly name = 'OverloadedError'
  constructor(what: string) {
    super({
      kind: 'unavailable',
      code: 'overloaded',
      message: `Too much at once (${what}). Nothing was changed; try again shortly.`,
      retryAfterSeconds: 1,
    })
  }
}

export interface SemaphoreOptions {
  /** What is done, for the error text: "password hashing". */
  name: string
  slots: number
  /** How many may wait for a slot. */
  maxWaiting: number
  /** How long one may wait, in milliseconds. */
  maxWaitMs: number
}

interface Waiter {
  enter: () => void
  leave: (error: Error) => void
  timer: NodeJS.Timeout
}

/** Lets a bounded number through at once, and a bounded number wait; refuses the rest with `OverloadedError`. */
export class Semaphore {
  readonly #options: SemaphoreOptions
  readonly #waiting = new Set<Waiter>()
  #free: number

  constructor(options: SemaphoreOptions) {
    this.#options = options
    this.#free = options.slots
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get running(): number {
    return this.#options.slots - this.#free
  }

  /** Runs `work` in a slot; waits for one as long as the options of the semaphore or of this call say. */
  async run<T>(work: () => Promise<T>, wait: { maxWaitMs?: number } = {}): Promise<T> {
    const entered = this.enter(wait)
    if (entered) await entered
    try {
      return await work()
    } finally {
      this.leave()
    }
  }

  /** Takes a slot: at once (null), or with the promise. Whoever entered must `leave`. */
  enter({ maxWaitMs = this.#options.maxWaitMs }: { maxWaitMs?: number } = {}): Promise<void> | null {
    if (this.#free > 0) {
      this.#free--
      return null
    }
    if (this.#waiting.size >= this.#options.maxWaiting) throw new OverloadedError(this.#options.name)
    return this.#wait(maxWaitMs)
  }

  leave(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#free++
      return
    }
    this.#waiting.delete(next)
    clearTimeout(next.timer)
    next.enter()
  }

  #wait(maxWaitMs: number): Promise<void> {
    return new Promise((enter, leave) => {
      const waiter: Waiter = {
        enter,
        leave,
        timer: setTimeout(() => {
          this.#waiting.delete(waiter)
          leave(new OverloadedError(this.#options.name))
        }, maxWaitMs),
      }
      this.#waiting.add(waiter)
    })
  }
}
