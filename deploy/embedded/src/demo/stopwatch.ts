export interface Step {
  name: string
  ms: number
}

/** Does steps one after the other and notes how long each took. */
export function createStopwatch() {
  const steps: Step[] = []
  return {
    steps,
    async step<T>(name: string, work: () => Promise<T>): Promise<T> {
      const startedAt = performance.now()
      const result = await work()
      steps.push({ name, ms: performance.now() - startedAt })
      return result
    },
  }
}
