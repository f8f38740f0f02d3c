import type { Random } from '../harness/random.ts'

/** Places between two durable steps, in the order an event passes them. */
export const points = [
  'after-commit',
  'after-publish',
  'after-mark',
  'after-handle',
  'before-acknowledge',
] as const
export type Point = (typeof points)[number]

/** How one life of the process ends: by itself at the n-th visit of a place, or by the prover after some time. */
export type Fault = { kind: 'point'; point: Point; visit: number } | { kind: 'instant'; afterMs: number }

export const faultName = (fault: Fault): string => (fault.kind === 'point' ? fault.point : 'random instant')

/** Every second kill comes at a random instant, the others at the places in turn, at a random visit. */
export function drawFault(random: Random, kill: number, at: readonly Point[] = points): Fault {
  const point = kill % 2 === 0 ? undefined : at[(kill >> 1) % at.length]
  return point
    ? { kind: 'point', point, visit: random.between(1, 40) }
    : { kind: 'instant', afterMs: random.between(50, 600) }
}
