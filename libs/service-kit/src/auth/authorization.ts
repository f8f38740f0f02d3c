export const roles = ['student', 'instructor', 'admin'] as const
export type Role = (typeof roles)[number]

/** The widest relation to an object that a role may act on: none, one's own, or anybody's. */
export type Access = 'own' | 'any'

/** Operation → role → access. A role that is not named has none. */
export type Authorization = Readonly<Record<string, Partial<Record<Role, Access>>>>

/** The matrix of one service: who may call what, on whose objects. */
export function defineAuthorization<const A extends Authorization>(matrix: A): A {
  return matrix
}

/** One cell of the matrix, for tests: what a caller of that role and relation must meet. */
export interface Cell {
  operation: string
  role: Role
  relation: 'own' | 'foreign'
  isAllowed: boolean
}

/** Every cell of the matrix. */
export function authorizationCells(matrix: Authorization): Cell[] {
  return Object.entries(matrix).flatMap(([operation, row]) =>
    roles.flatMap((role) => {
      const access = row[role]
      return [
        { operation, role, relation: 'own' as const, isAllowed: access !== undefined },
        { operation, role, relation: 'foreign' as const, isAllowed: access === 'any' },
      ]
    }),
  )
}
