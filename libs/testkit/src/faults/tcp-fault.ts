/**
 * What a network edge does to its traffic. Each fault also holds for connections that are open when it begins.
 *
 * - `latency`: everything arrives so much later, in each direction.
 * - `bandwidth`: so many bytes a second pass, in each direction, over all connections together.
 * - `black-hole`: nothing passes and nobody is told. What was sent meanwhile arrives when the fault ends, as what TCP
 *   sends again does.
 * - `half-open`: the server loses its connections, the clients are not told: theirs stay open and dead for ever.
 *   A new connection is as dead while the fault lasts.
 * - `reset`: every connection is reset, also a new one, as soon as it is made.
 * - `cut-off`: every connection is reset, a new one is refused.
 */
export type TcpFault =
  | { kind: 'latency'; ms: number }
  | { kind: 'bandwidth'; bytesPerSecond: number }
  | { kind: 'black-hole' }
  | { kind: 'half-open' }
  | { kind: 'reset' }
  | { kind: 'cut-off' }
