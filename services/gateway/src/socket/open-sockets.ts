import type { Duplex } from 'node:stream'
import type { RevocationList } from '../edge/revocation-list.ts'

/** The sockets under way, so that a revocation can end them and a shutdown can close them. */
export interface OpenSockets {
  isFull(): boolean
  add(socket: Duplex, of: { sessionId: string } | null): void
  closeAll(): void
  readonly size: number
}

export function createOpenSockets(
  maxOpen: number,
  revocations: Pick<RevocationList, 'onAdded'>,
): OpenSockets {
  const open = new Map<Duplex, string | null>()

  // Sockets outlive tokens, so the end of a session ends its sockets too.
  revocations.onAdded((revocation) => {
    for (const [socket, sessionId] of open) if (sessionId === revocation.sessionId) socket.destroy()
  })
  return {
    isFull: () => open.size >= maxOpen,
    add(socket, of) {
      open.set(socket, of?.sessionId ?? null)
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
