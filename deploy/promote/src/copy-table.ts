import { createHash } from 'node:crypto'
import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import copy from 'pg-copy-streams'
import type { Table } from './tables.ts'

/** How much there is of something, and the SHA-256 of all of it in order. */
export interface Print {
  count: number
  sha256: string
}

const rowsOf = ({ name, columns, order }: Table) =>
  copy.to(`copy (select ${columns.join(', ')} from ${name} order by ${order}) to stdout`)

/** Copies a table as a stream, and answers what went by. What the target's migrations put there gives way. */
export async function copyTable(source: pg.Client, target: pg.Client, table: Table): Promise<Print> {
  await target.query(`delete from ${table.name}`)
  const from = source.query(rowsOf(table))
  const into = target.query(copy.from(`copy ${table.name} (${table.columns.join(', ')}) from stdin`))
  const printer = createPrinter()
  await pipeline(from, printer.pass, into)
  return printer.print()
}

/** What a table holds. */
export async function printTable(client: pg.Client, table: Table): Promise<Print> {
  const printer = createPrinter()
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  await pipeline(client.query(rowsOf(table)), printer.pass, nowhere)
  return printer.print()
}

const lineEnd = 0x0a

/** A row is a line: a line end inside a value is written as two characters. */
function createPrinter() {
  const hash = createHash('sha256')
  let count = 0
  const pass = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      for (let at = chunk.indexOf(lineEnd); at >= 0; at = chunk.indexOf(lineEnd, at + 1)) count++
      done(null, chunk)
    },
  })
  return { pass, print: (): Print => ({ count, sha256: hash.digest('hex') }) }
}
