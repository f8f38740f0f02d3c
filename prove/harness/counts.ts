/** Adds what was counted of each kind. */
export function addCounts<T extends Record<keyof T, number>>(a: T, b: Partial<T>): T {
  const sum: Record<string, number> = { ...a }
  for (const [kind, n] of Object.entries<number | undefined>(b)) sum[kind] = (sum[kind] ?? 0) + (n ?? 0)
  return sum as T
}

/** Whether nothing was found of any kind. */
export const isClean = (findings: object): boolean => Object.values(findings).every((count) => count === 0)
