/** Runs a proof, which Ctrl-C ends: what its whole rounds found is kept. False where it was interrupted. */
export async function untilInterrupted(prove: (stop: AbortSignal) => Promise<boolean>): Promise<boolean> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    return await prove(stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.log('interrupted; --resume goes on from the last whole round')
    return false
  }
}
