import { ContractError } from '@sandkeep/contracts'
import { PermanentError } from './errors.ts'

export type NextStep = { kind: 'retry'; delayMs: number } | { kind: 'dead' }

/** What follows a failed handling: `attempt` failed ones came before it. */
export function afterFailure(error: unknown, attempt: number, retryDelaysMs: readonly number[]): NextStep {
  if (error instanceof PermanentError || error instanceof ContractError) return { kind: 'dead' }
  const delayMs = retryDelaysMs[attempt]
  return delayMs === undefined ? { kind: 'dead' } : { kind: 'retry', delayMs }
}
