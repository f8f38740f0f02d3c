import { availableParallelism } from 'node:os'

const nodesOwn = 4

/**
 * Node hashes passwords, reads files and looks names up on one pool of four threads. With so many more as there are
 * cores, hashing on every core does not hold the rest up. Works before the pool is first used: call it first of all.
 * What UV_THREADPOOL_SIZE says already stays.
 */
export function widenThreadPool(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= String(nodesOwn + availableParallelism())
}
