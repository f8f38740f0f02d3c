import { fork } from 'node:child_process'
import { basename } from 'node:path'

/** Hands `input` to a script in a process of its own, and answers what it makes of it. */
export function runInProcess<T>(script: string, input: object): Promise<T> {
  return new Promise((resolve, reject) => {
    // Advanced, since JSON knows no NaN.
    const child = fork(script, { serialization: 'advanced' })
    child.once('message', (output: T) => resolve(output))
    child.once('exit', (code) => reject(new Error(`${basename(script)} ended with ${code} and no report`)))
    child.once('error', reject)
    child.send(input)
  })
}

/** The other end: does the work once and ends. */
export function answerOnce<I, O>(work: (input: I) => Promise<O>): void {
  process.once('message', (input: I) => {
    void work(input).then((output) =>
      process.send?.(output, undefined, undefined, () => process.disconnect?.()),
    )
  })
}
