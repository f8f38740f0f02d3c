import { personIdSql } from '../fleet/people.ts'

/** What identity selects of an account. */
const accountColumns = `id, email, username, first_name as "firstName", last_name as "lastName", role, status,
  email_verified as "emailVerified", version, created_at as "createdAt", updated_at as "updatedAt",
  last_login_at as "lastLoginAt", metadata`

export const readUserSql = (id: string): string => `select ${accountColumns} from users where id = ${id}`
export const readPersonSql = readUserSql(personIdSql)

/** The newest of a role. Identity asks for one more than the page holds, to know whether there is another page. */
export const listUsersSql = (role: string, limit: string): string => `select ${accountColumns} from users
  where role = ${role} order by created_at desc, id desc limit ${limit}`
export const listStudentsSql = listUsersSql("'student'", '51')
