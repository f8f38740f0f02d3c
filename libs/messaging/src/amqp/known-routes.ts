/** How long after a connection an event that was taken before is not believed to have no queue. */
const graceMs = 60_000

/**
 * Remembers which types of events queues have taken. A broker that comes back from a crash may route before it has
 * found a queue or its binding again, and confirms what it then drops: such an event must be published again.
 */
export function createKnownRoutes(now: () => number = Date.now) {
  const onThis = new Set<string>()
  const onEarlier = new Set<string>()
  let connectedAt = 0
  return {
    /** The connection is a new one: what was seen on earlier ones is to be seen again. */
    reconnected(): void {
      for (const type of onThis) onEarlier.add(type)
      onThis.clear()
      connectedAt = now()
    },
    taken(type: string): void {
      onThis.add(type)
      onEarlier.delete(type)
    },
    /** Whether a queue that took events of the type is likely to be back soon. */
    isExpected: (type: string): boolean => onEarlier.has(type) && now() - connectedAt < graceMs,
  }
}
