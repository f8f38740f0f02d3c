import type { ParseArgsOptionsConfig } from 'node:util'
import type { Database } from '@sandkeep/postgres'
import type { Bus } from '../bus.ts'

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/** What a command may use; opened on first use, closed by the caller. */
export interface Tools {
  print(line: string): void
  /** The service's database. */
  db(): Promise<Database>
  bus(): Promise<Bus>
  /** Aborts on Ctrl-C. */
  stop: AbortSignal
  /** Who is named in the record of operations. */
  operator: string
}

export interface Command {
  summary: string
  help: string
  options: ParseArgsOptionsConfig
  run(values: Values, positionals: string[], tools: Tools): Promise<void>
}

/** The caller asked for something that cannot be; the message says what to do instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function text(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function texts(values: Values, name: string): string[] {
  const value = values[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

export function requiredText(values: Values, name: string): string {
  const value = text(values, name)
  if (!value) throw new UsageError(`--${name} is missing`)
  return value
}

export function wholeNumber<D extends number | undefined>(
  values: Values,
  name: string,
  fallback: D,
): number | D {
  const value = text(values, name)
  if (value === undefined) return fallback
  if (!/^\d{1,15}$/.test(value)) throw new UsageError(`--${name} must be a whole number, not "${value}"`)
  return Number(value)
}

/** The pause that keeps work below `--rate` a second. */
export function pauseMs(values: Values, fallbackRate: number): number {
  const rate = wholeNumber(values, 'rate', fallbackRate)
  if (rate === 0) throw new UsageError('--rate must be at least 1')
  return 1_000 / rate
}

export function only(positionals: string[], what: string): string {
  const [value, ...more] = positionals
  if (!value || more.length > 0) throw new UsageError(`give one ${what}, not ${positionals.length}`)
  return value
}
