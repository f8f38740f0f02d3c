import type { Access, Role } from './authorization.ts'

/** The person whose token a request carries. */
export interface Actor {
  userId: string
  sessionId: string
  role: Role
}

/** Who a request is from, once it was let in. */
export type Caller =
  | { kind: 'nobody' }
  | { kind: 'service'; name: string }
  | { kind: 'person'; actor: Actor; access: Access }
