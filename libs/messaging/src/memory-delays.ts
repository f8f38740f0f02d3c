/** Holds entries for a while; keeps no process alive. */
export function createDelays<E>(onDue: (entry: E) => void) {
  const held = new Map<NodeJS.Timeout, E>()
  return {
    add(entry: E, delayMs: number): void {
      const timer = setTimeout(() => {
        held.delete(timer)
        onDue(entry)
      }, delayMs).unref()
      held.set(timer, entry)
    },
    /** Answers what was still held. */
    cancelAll(): E[] {
      const entries = [...held.values()]
      for (const timer of held.keys()) clearTimeout(timer)
      held.clear()
      return entries
    },
  }
}
