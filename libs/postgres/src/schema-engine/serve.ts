import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { EngineArguments } from './arguments.ts'
import { createEngine, type Engine } from './engine.ts'

interface Request {
  id: number
  method?: string
  params?: unknown
}

type Send = (message: object) => void

const applicationError = 4466
/** The one method that the WASM engine names otherwise. */
const renamed = new Map([['getDatabaseVersion', 'version']])

/** Answers Prisma's requests, JSON-RPC with one message a line, until the input ends. */
export async function serve(args: EngineArguments, input: Readable, output: Writable): Promise<void> {
  const send: Send = (message) => output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const engine = createEngine(args)
  for await (const line of createInterface({ input })) {
    const request: Request = JSON.parse(line)
    // Without a method it is the answer to one of our own.
    if (request.method === undefined) continue
    send({ id: request.id, ...(await answer(engine, request, send)) })
  }
}

async function answer(engine: Engine, { method = '', params }: Request, send: Send): Promise<object> {
  const panic = nextPanic()
  try {
    const result = await Promise.race([perform(engine, method, params), panic.promise])
    return { result: printed(result, send) ?? {} }
  } catch (error) {
    return { error: { code: applicationError, message: 'see data', data: engine.describe(error) } }
  } finally {
    panic[Symbol.dispose]()
  }
}

async function perform(engine: Engine, method: string, params: unknown): Promise<unknown> {
  const opened = await engine.open()
  const call: unknown = Reflect.get(opened, renamed.get(method) ?? method)
  if (typeof call !== 'function') throw new Error(`the schema engine does not know ${method}`)
  return call.call(opened, params)
}

/** Rust's panics leave the WASM module as uncaught exceptions, and the promise of the call unsettled. */
function nextPanic(): Disposable & { promise: Promise<never> } {
  const { promise, reject } = Promise.withResolvers<never>()
  process.once('uncaughtException', reject)
  return { promise, [Symbol.dispose]: () => process.off('uncaughtException', reject) }
}

let printId = 1_000_000

/** What the WASM engine returns as text, the native one asks the command to print. */
function printed(result: unknown, send: Send): unknown {
  if (typeof result !== 'object' || result === null || !('stdout' in result)) return result
  if (typeof result.stdout !== 'string') return result
  printId += 1
  send({ id: printId, method: 'print', params: { content: result.stdout.replace(/\n$/, '') } })
  return { ...result, stdout: null }
}
