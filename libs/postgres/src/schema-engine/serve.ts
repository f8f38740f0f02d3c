import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { EngineArguments } from './arguments.ts'
import { createEngine, type Engine } from './engine.ts'
import { errorData } from './error-data.ts'

interface Request {
  id: number
  method?: string
  params?: unknown
}

const applicationError = 4466
/** The one method that the WASM engine names otherwise. */
const renamed = new Map([['getDatabaseVersion', 'version']])

/** Answers Prisma's requests, JSON-RPC with one message a line, until the input ends. */
export async function serve(args: EngineArguments, input: Readable, output: Writable): Promise<void> {
  const send = (message: object) => output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  let opening: Promise<Engine> | undefined
  for await (const line of createInterface({ input })) {
    const request: Request = JSON.parse(line)
    // Without a method it is the answer to one of our own.
    if (request.method === undefined) continue
    opening ??= createEngine(args)
    send({ id: request.id, ...(await answer(opening, request, send)) })
  }
}

async function answer(opening: Promise<Engine>, { method = '', params }: Request, send: (message: object) => void) {
  let driverError = (_id: number): unknown => undefined
  try {
    const { engine, ...rest } = await opening
    driverError = rest.driverError
    const call: unknown = Reflect.get(engine, renamed.get(method) ?? method)
    if (typeof call !== 'function') throw new Error(`the schema engine does not know ${method}`)
    const result: unknown = await call.call(engine, params)
    return { result: printed(result, send) ?? {} }
  } catch (error) {
    return { error: { code: applicationError, message: 'see data', data: errorData(error, driverError) } }
  }
}

let printId = 1_000_000

/** What the WASM engine returns as text, the native one asks the command to print. */
function printed(result: unknown, send: (message: object) => void): unknown {
  if (typeof result !== 'object' || result === null || !('stdout' in result)) return result
  if (typeof result.stdout !== 'string') return result
  printId += 1
  send({ id: printId, method: 'print', params: { content: result.stdout.replace(/\n$/, '') } })
  return { ...result, stdout: null }
}
