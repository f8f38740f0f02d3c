/** A server of a test's own, on a free port of 127.0.0.1. Disposing kills it and removes its data. */
export interface Engine extends AsyncDisposable {
  readonly url: string
  /** Which program it is and where it came from, for a person to read. */
  readonly origin: string
  /** Ends it as an administrator would; `restart` brings it back. */
  stop(): Promise<void>
  /** Ends it as a power cut would; `restart` brings it back. */
  kill(): Promise<void>
  /** Starts it over the same data and under the same URL, killing it first if it runs. */
  restart(): Promise<void>
  /** Makes it hang: connections stay, nothing answers. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Fills the disk that it was started with, until nothing more fits; `freeDisk` makes room again. */
  fillDisk(): Promise<void>
  freeDisk(): Promise<void>
}

/** An engine that cannot be had or does not start here: says what to do about it. */
export class EngineError extends Error {
  override readonly name = 'EngineError'

  constructor(message: string, cause?: unknown) {
    const why = cause instanceof Error ? `: ${lastLines(cause)}` : ''
    super(`${message}${why}`, { cause })
  }
}

function lastLines(error: Error): string {
  const printed = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
  return (printed || error.message).split('\n').slice(-5).join(' | ')
}
