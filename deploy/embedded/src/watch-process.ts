const pollMs = 500

/** Calls `onGone` once when a process is gone, however it went, until disposed. */
export function watchProcess(pid: number, onGone: () => void): Disposable {
  const timer = setInterval(() => {
    if (isThere(pid)) return
    clearInterval(timer)
    onGone()
  }, pollMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
