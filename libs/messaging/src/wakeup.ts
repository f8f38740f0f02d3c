type Listener = () => void

const listeners = new Map<string, Set<Listener>>()

/** Says that an event of the owner is about to be committed in this process. */
export function announce(owner: string): void {
  for (const listener of listeners.get(owner) ?? []) listener()
}

/** Calls back at most once per `intervalMs`, that long after the first announcement. */
export function onAnnounced(owner: string, intervalMs: number, listener: Listener): Disposable {
  let timer: NodeJS.Timeout | undefined
  const fire = () => {
    timer = undefined
    listener()
  }
  const schedule = () => {
    timer ??= setTimeout(fire, intervalMs).unref()
  }
  const ofOwner = listeners.get(owner) ?? new Set()
  listeners.set(owner, ofOwner.add(schedule))
  return {
    [Symbol.dispose]() {
      ofOwner.delete(schedule)
      clearTimeout(timer)
    },
  }
}
