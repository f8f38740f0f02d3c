import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { openPostgres, sql } from './index.ts'

const message = (type: string, body: string) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, Buffer.from(body, 'latin1')])
}
const authenticated = message('R', '\0\0\0\0')
const ready = message('Z', 'I')
const done = message('C', 'SELECT 0\0')
const shutDown = message('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0')

test('a session that ends as it is passed on fails its next user, not the process', async () => {
  await using stack = new AsyncDisposableStack()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(Buffer.concat([authenticated, ready]))
      // The answer and the end in one piece: the connection is lent again before the end is read.
      socket.once('data', () => socket.end(Buffer.concat([done, ready, shutDown])))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  stack.defer(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const url = `postgresql://user:password@127.0.0.1:${port}/database`
  const db = stack.use(await openPostgres({ url, max: 1, applicationName: 'test' }))
  const [first, second] = await Promise.allSettled([
    db.query(sql`select`),
    db.transaction((tx) => tx.query(sql`select`)),
  ])
  expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
})
