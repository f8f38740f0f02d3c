import { join } from 'node:path'
import type { Contender } from './rounds.ts'
import { runInProcess } from './run-in-process.ts'
import type { Figures } from './statistics.ts'

/** Password checks alone, as many at once as there are cores: what the processor can do. */
export const argon2Contender = (name: string): Contender => ({
  name,
  run: (seconds) => runInProcess<Figures>(join(import.meta.dirname, 'argon2-process.ts'), { seconds }),
})
