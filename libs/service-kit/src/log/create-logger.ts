import { type DestinationStream, type Logger, pino } from 'pino'
import { context } from '../context/context.ts'
import { traceIdOf } from '../context/traceparent.ts'

const secretFields = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["sandkeep-service"]',
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'secret',
  'privateKey',
  'token',
  'accessToken',
  'refreshToken',
]

// pino looks at named depths only: beside each other in a line's fields, and up to three objects down.
const depths = ['', '*.', '*.*.', '*.*.*.']
const redacted = depths.flatMap((depth) =>
  secretFields.map((field) => (field.startsWith('[') ? depth.slice(0, -1) + field : depth + field)),
)

/** A logger of one service: JSON lines with the ids of the request or message at hand, and no secrets. */
export function createLogger(options: {
  name: string
  level: string
  destination?: DestinationStream
}): Logger {
  const settings = {
    name: options.name,
    level: options.level,
    redact: { paths: redacted, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: contextFields,
  }
  // Written before the call returns: the last lines before an end must not be lost or come out of order.
  return pino(settings, options.destination ?? pino.destination({ fd: 1, sync: true }))
}

function contextFields(): object {
  const current = context.current()
  if (!current) return {}
  return { traceId: traceIdOf(current.traceparent), correlationId: current.correlationId }
}
