import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { traceIdOf } from '../context/traceparent.ts'
import { connectionError } from '../problem/framework-errors.ts'
import { problemType, toProblem } from '../problem/problem.ts'

/** Answers whatever was thrown with a problem, and logs what is no fault of the caller. */
export function createErrorHandler(log: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const path = request.url.split('?', 1)[0] ?? ''
    const traceId = request.traceparent ? traceIdOf(request.traceparent) : undefined
    const { problem, logAs, retryAfterSeconds } = toProblem(error, { path, ...(traceId && { traceId }) })
    if (logAs) log[logAs]({ err: error, method: request.method, path, traceId }, 'request failed')
    if (retryAfterSeconds) reply.header('retry-after', retryAfterSeconds)
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
    // Closing on a client that still sends would take the answer from it; Node reads and drops the rest.
    if (problem.status === 413) reply.removeHeader('connection')
    reply.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem)
  }
}

/** Answers what is no HTTP request, or does not become one in time, with a problem too, and hangs up. */
export function answerConnectionError(error: Error & { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { problem } = toProblem(connectionError(error.code), {})
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
