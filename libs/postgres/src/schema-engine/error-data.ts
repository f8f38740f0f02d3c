import { DriverAdapterError } from '@prisma/driver-adapter-utils'

/** How Prisma's commands expect an error: known ones with a code, others as text. */
export function errorData(thrown: unknown, driverError: (id: number) => unknown): object {
  const error = behind(thrown, driverError)
  if (error instanceof DriverAdapterError) return { is_panic: false, message: describeDriverError(error) }
  const message = error instanceof Error ? error.message : String(error)
  return { is_panic: false, ...(userFacing(message) ?? { message }) }
}

function behind(thrown: unknown, driverError: (id: number) => unknown): unknown {
  const id = thrown instanceof Error ? /External error id#(\d+)/.exec(thrown.message)?.[1] : undefined
  return id === undefined ? thrown : (driverError(Number(id)) ?? thrown)
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
