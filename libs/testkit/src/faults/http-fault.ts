import type { IncomingHttpHeaders } from 'node:http'

/** What goes wrong between a client and a server that speak HTTP. */
export type HttpFault =
  /** The server is not asked: the client gets an error. */
  | { kind: 'refused'; status: number; body?: string }
  /** The server is not asked: the client gets 200 with an error as its body. */
  | { kind: 'error-body'; body: string }
  /** The server does what was asked; the client gets an error. */
  | { kind: 'failed-after'; status: number; body?: string }
  /** The server does what was asked; the client's connection is reset instead of an answer. */
  | { kind: 'lost-answer' }
  /** The answer breaks off after so many bytes of its body. */
  | { kind: 'torn-answer'; afterBytes: number }
  /** The server never sees these headers, as a store that does not know them. */
  | { kind: 'dropped-headers'; names: readonly string[] }

export interface AskedRequest {
  method: string
  /** Path and query. */
  url: string
  headers: IncomingHttpHeaders
}

export interface HttpFaultScope {
  /** How many requests meet the fault, the first ones; all unless given. */
  times?: number
  /** Which requests meet it; all unless given. */
  when?: (request: AskedRequest) => boolean
}
