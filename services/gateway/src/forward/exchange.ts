import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { type ReturnedHeaders, returnedHeaders } from './headers.ts'

export interface ExchangeOptions {
  response: ServerResponse
  /** Longest wait for the first byte of the answer. */
  deadlineMs: number
  /** Called once, with the headers that the service's answer leaves: returns those that the client is sent. */
  onHead: (headers: ReturnedHeaders) => OutgoingHttpHeaders
  /** Called once: with the error when no head was written, without when the exchange is over. */
  onDone: (error?: unknown) => void
}

export class ExchangeTimeoutError extends Error {
  override readonly name = 'ExchangeTimeoutError'
  readonly code = 'UND_ERR_HEADERS_TIMEOUT'
}

class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

/**
 * One request to a service, its answer streamed to the client as it comes.
 * Neither side is read faster than the other takes it, and when one breaks off the other is told.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  readonly #deadline: NodeJS.Timeout
  #controller: Dispatcher.DispatchController | undefined
  #reason: Error | undefined
  #isDone = false

  constructor(options: ExchangeOptions) {
    this.#options = options
    this.#deadline = setTimeout(
      () => this.#abort(new ExchangeTimeoutError('no answer in time')),
      options.deadlineMs,
    )
    options.response.once('close', this.#onClose)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#reason !== undefined) controller.abort(this.#reason)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (statusCode < 200 || this.#isDone) return
    clearTimeout(this.#deadline)
    this.#options.response.writeHead(statusCode, this.#options.onHead(returnedHeaders(headers)))
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.#options
    if (response.write(chunk)) return
    controller.pause()
    response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.#options.response.end()
    this.#finish()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { response } = this.#options
    const isUnanswered = !response.headersSent
    // A cut connection is the only way left to say that the answer is not whole.
    if (!isUnanswered) response.destroy()
    this.#finish(isUnanswered ? error : undefined)
  }

  readonly #onClose = (): void => {
    if (!this.#options.response.writableFinished) this.#abort(new ClientGoneError('the client went away'))
  }

  // A request that still waits for a connection has no controller: it is settled at once and aborted when it starts.
  #abort(reason: Error): void {
    this.#reason = reason
    if (this.#controller === undefined) this.#finish(reason)
    else this.#controller.abort(reason)
  }

  #finish(error?: unknown): void {
    if (this.#isDone) return
    this.#isDone = true
    clearTimeout(this.#deadline)
    this.#options.response.off('close', this.#onClose)
    this.#options.onDone(error)
  }
}
