import { join } from 'node:path'
import { tempDirectory } from '../temp-directory.ts'
import type { FileCall } from './file-call.ts'
import { recordNode } from './recorder.ts'
import { canStrace, straceNode } from './strace.ts'

export interface FileTracer {
  name: string
  /** Runs the script to its end, and answers its file calls in the order of their beginnings. */
  trace: (script: string, ...parameters: string[]) => Promise<FileCall[]>
}

type Trace = (output: string, script: string, parameters: string[]) => Promise<FileCall[]>

const tracer = (name: string, trace: Trace): FileTracer => ({
  name,
  async trace(script, ...parameters) {
    await using stack = new AsyncDisposableStack()
    return await trace(join(await tempDirectory(stack), 'trace'), script, parameters)
  },
})

/**
 * The ways to watch here what a process does to files: as Node's file module is asked, everywhere; and as the kernel
 * is asked, where strace runs (`apt-get install strace`).
 */
export async function fileTracers(): Promise<FileTracer[]> {
  const always = [tracer('node', recordNode)]
  return (await canStrace()) ? [...always, tracer('strace', straceNode)] : always
}
