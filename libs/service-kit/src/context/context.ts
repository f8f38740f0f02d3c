import { AsyncLocalStorage } from 'node:async_hooks'

/** What everything done for one request or one message has in common. */
export interface RequestContext {
  /** W3C trace context. */
  traceparent: string
  correlationId: string
  /** The event whose handling this is. */
  causationId?: string
  /** `user:<id>` or `service:<name>`. */
  actor?: string
}

const storage = new AsyncLocalStorage<RequestContext>()

export const context = {
  current: (): RequestContext | undefined => storage.getStore(),
  run: <T>(value: RequestContext, work: () => T): T => storage.run(value, work),
}
