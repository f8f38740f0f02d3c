import type { Goals } from './goals.ts'
import type { BenchOptions } from './options.ts'

/** What can be run by name. It prints as it measures, and judges its goals. */
export interface Bench {
  summary: string
  run(options: BenchOptions, goals: Goals): Promise<void>
}
