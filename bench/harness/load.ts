import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { LoadReport, LoadRequest } from './load-process.ts'

/** Sends requests from a process of its own, so that sending them is not measured as serving them. */
export function generateLoad(request: LoadRequest): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'load-process.ts'), { serialization: 'advanced' })
    child.once('message', (report: LoadReport) => resolve(report))
    child.once('exit', (code) => reject(new Error(`The load generator ended with ${code} and no report`)))
    child.once('error', reject)
    child.send(request)
  })
}
