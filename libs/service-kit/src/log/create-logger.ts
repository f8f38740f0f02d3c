import { type DestinationStream, type Logger, pino } from 'pino'
import { context } from '../context/context.ts'
import { traceIdOf } from '../context/traceparent.ts'

const secretFields = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
]

const redacted = [
  ...secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
  '*.headers["set-cookie"]',
  '*.headers["sandkeep-service"]',
  'headers["set-cookie"]',
  'headers["sandkeep-service"]',
]

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
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

function contextFields(): object {
  const current = context.current()
  if (!current) return {}
  return { traceId: traceIdOf(current.traceparent), correlationId: current.correlationId }
}
