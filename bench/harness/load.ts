import { join } from 'node:path'
import type { LoadReport, LoadRequest } from './load-process.ts'
import { runInProcess } from './run-in-process.ts'

/** Sends requests from a process of its own, so that sending them is not measured as serving them. */
export const generateLoad = (request: LoadRequest): Promise<LoadReport> =>
  runInProcess(join(import.meta.dirname, 'load-process.ts'), request)
