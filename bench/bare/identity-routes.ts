import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { listStudentsSql, readUserSql } from './identity-statements.ts'

const pageLength = 50

export function identityRoutes(app: FastifyInstance, pool: pg.Pool): void {
  app.get<{ Params: { id: string } }>('/users/:id', async (request) => {
    const { rows } = await pool.query({ name: 'read', text: readUserSql('$1'), values: [request.params.id] })
    return rows[0]
  })

  app.get('/users', async () => {
    const { rows } = await pool.query({ name: 'list', text: listStudentsSql })
    const items = rows.slice(0, pageLength)
    return { items, nextCursor: items.at(-1)?.id }
  })
}
