import { DriverAdapterError } from '@prisma/driver-adapter-utils'

/** An error as Prisma's commands expect it: known ones have a code, others are text. */
export interface ErrorData {
  is_panic: boolean
  message: string
  error_code?: string
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof DriverAdapterError) return { is_panic: false, message: describeDriverError(error) }
  const message = error instanceof Error ? error.message : String(error)
  return { is_panic: false, message, ...userFacing(message) }
}

function describeDriverError({ cause, message }: DriverAdapterError): string {
  if (cause.kind !== 'postgres') return message
  return [cause.message, cause.detail, cause.hint].filter(Boolean).join('\n')
}

/** The engine hands over errors meant for people as JSON. */
function userFacing(message: string): object | undefined {
  try {
    const data: unknown = JSON.parse(message)
    return typeof data === 'object' && data !== null && 'error_code' in data ? data : undefined
  } catch {
    return undefined
  }
}
