import type { Dispatcher, Pool } from 'undici'
import type { Json } from '../reference/document.ts'

export interface Question {
  path: string
  headers: Record<string, string>
  deadlineMs: number
  signal?: AbortSignal
}

export interface Answer {
  statusCode: number
  body: Json
}

// Large enough for every document that a service describes itself with.
const maxAnswerBytes = 4_194_304

/** A read that the gateway makes itself. The answer must be JSON and is held whole, so its size is bounded. */
export async function ask(pool: Pool, { path, headers, deadlineMs, signal }: Question): Promise<Answer> {
  const deadline = AbortSignal.timeout(deadlineMs)
  const either = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers, signal: either })
  const text = await readBounded(body)
  return { statusCode, body: text === '' ? null : JSON.parse(text) }
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxAnswerBytes) throw new Error(`An answer of more than ${maxAnswerBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
