import type { Duplex } from 'node:stream'
import type { Revocation, RevocationList, TokenFacts } from '../edge/revocation-list.ts'

/** The sockets under way, so that a revocation can end them and a shutdown can close them. */
export interface OpenSockets {
  isFull(): boolean
  add(socket: Duplex, token: TokenFacts | null): void
  closeAll(): void
  readonly size: number
}

export function createOpenSockets(maxOpen: number, revocations: RevocationList): OpenSockets {
  const open = new Map<Duplex, TokenFacts | null>()

  // Sockets outlive tokens, so a revocation ends every socket of the account or session, whenever its token was issued.
  function end(revocation: Revocation): void {
    for (const [socket, token] of open) if (concerns(revocation, token)) socket.destroy()
  }

  revocations.onAdded(end)
  return {
    isFull: () => open.size >= maxOpen,
    add(socket, token) {
      open.set(socket, token)
      socket.once('close', () => open.delete(socket))
    },
    closeAll() {
      for (const socket of open.keys()) socket.destroy()
    },
    get size() {
      return open.size
    },
  }
}

function concerns({ sessionId, userId }: Revocation, token: TokenFacts | null): boolean {
  if (token === null) return false
  return sessionId === undefined ? token.userId === userId : token.sessionId === sessionId
}
