import type { Tx } from '@sandkeep/postgres'
import type { Sandbox } from './sandbox.ts'
import { SandboxNotFoundError, StaleSandboxError } from './sandbox-errors.ts'
import { findSandbox, lockSandbox, shareSandbox } from './sandbox-store.ts'

export async function requireSandbox(tx: Tx, id: string): Promise<Sandbox> {
  const sandbox = await findSandbox(tx, id)
  if (sandbox === null) throw new SandboxNotFoundError(id)
  return sandbox
}

export async function requireLocked(tx: Tx, id: string): Promise<Sandbox> {
  const sandbox = await lockSandbox(tx, id)
  if (sandbox === null) throw new SandboxNotFoundError(id)
  return sandbox
}

export async function requireShared(tx: Tx, id: string): Promise<Sandbox> {
  const sandbox = await shareSandbox(tx, id)
  if (sandbox === null) throw new SandboxNotFoundError(id)
  return sandbox
}

/** Refuses when the sandbox is no longer as the caller saw it. */
export function requireVersion({ id, version }: Sandbox, seen: number): void {
  if (version !== seen) throw new StaleSandboxError(id, version)
}
