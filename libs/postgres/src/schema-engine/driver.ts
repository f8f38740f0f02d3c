import { randomUUID } from 'node:crypto'
import {
  DriverAdapterError,
  type IsolationLevel,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQueryable,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { quoteIdentifier } from '../sql.ts'
import { columnTypeOf, engineTypes } from './column-types.ts'
import { atDatabase, connectTo, runOn, type Target } from './target.ts'

const identity = { provider: 'postgres', adapterName: '@prisma/adapter-pg' } as const

/**
 * Prisma's own driver cannot migrate: it splits scripts at every semicolon, does not know the catalog's
 * "char" type, and drops a shadow database that is still in use. All statements go through one session,
 * which is what holds the migrations' advisory lock.
 */
export function migrationDriver(
  target: Target,
  shadow: Target | undefined,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    ...identity,
    connect: () => openDriver(target, async () => {}),
    connectToShadowDb: () => (shadow === undefined ? temporaryShadow(target) : givenShadow(shadow)),
  }
}

async function temporaryShadow(target: Target): Promise<SqlDriverAdapter> {
  const shadow = atDatabase(target, `prisma_migrate_shadow_db_${randomUUID()}`)
  const name = quoteIdentifier(shadow.database)
  await runOn(target, `create database ${name}`)
  return openDriver(shadow, () => runOn(target, `drop database if exists ${name} with (force)`))
}

async function givenShadow(shadow: Target): Promise<SqlDriverAdapter> {
  const schema = quoteIdentifier(shadow.schema ?? 'public')
  await runOn(shadow, `drop schema if exists ${schema} cascade; create schema ${schema}`)
  return openDriver(shadow, async () => {})
}

async function openDriver(target: Target, afterwards: () => Promise<void>): Promise<SqlDriverAdapter> {
  const client = await connectTo(target)
  const queryable = queryableOver(client)
  return {
    ...queryable,
    // One simple query: the whole script, function bodies and all, in one implicit transaction.
    executeScript: async (script) => void (await client.query(script).catch(rethrow)),
    startTransaction: async (isolationLevel) => startTransaction(client, queryable, isolationLevel),
    getConnectionInfo: () => ({ schemaName: target.schema ?? 'public', supportsRelationJoins: true }),
    dispose: async () => {
      await client.end()
      await afterwards()
    },
  }
}

function queryableOver(client: pg.Client): SqlQueryable {
  return {
    ...identity,
    async queryRaw({ sql, args }) {
      const config = { text: sql, values: args, rowMode: 'array' as const, types: engineTypes }
      const { fields, rows } = await client.query(config).catch(rethrow)
      const columnNames = fields.map((field) => field.name)
      return { columnNames, columnTypes: fields.map((field) => columnTypeOf(field.dataTypeID)), rows }
    },
    async executeRaw({ sql, args }) {
      const { rowCount } = await client.query(sql, args).catch(rethrow)
      return rowCount ?? 0
    },
  }
}

/** The engine itself sends the statement that ends it. */
async function startTransaction(client: pg.Client, queryable: SqlQueryable, isolationLevel?: IsolationLevel) {
  await client.query(isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`)
  return {
    ...queryable,
    options: { usePhantomQuery: false },
    commit: async () => {},
    rollback: async () => {},
  }
}

function rethrow(error: unknown): never {
  if (!(error instanceof pg.DatabaseError)) throw error
  const { code = '', severity = '', message, detail, column, hint } = error
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint })
}
