const second = 1000
const steps = [10 * second, 60 * second, 300 * second, 1800 * second, 3600 * second]

const giveUpAfterMs = 48 * 3600 * second

/** How long to wait before the next attempt, or null when the mail has been tried for two days. */
export function nextAttemptInMs(attempts: number, ageMs: number): number | null {
  if (ageMs >= giveUpAfterMs) return null
  return steps[Math.min(attempts, steps.length) - 1] ?? steps[0] ?? null
}

/** A mail whose link has expired must not be sent; the others wait for the server. */
export const isTooLate = (expiresAt: Date | null, now: Date): boolean =>
  expiresAt !== null && expiresAt <= now
