import { newSandbox } from './create-sandbox.ts'
import type { Sandbox } from './sandbox.ts'

/** A sandbox made at `now`, for tests of decisions. */
export function sandboxAt(now: Date, change: Partial<Sandbox> = {}): Sandbox {
  const owner = { id: '0199aaaa-0000-7000-8000-000000000002', role: 'student' } as const
  return { ...newSandbox(owner, { name: 'Pipelines', type: 'development' }, now), ...change }
}
