import { join } from 'node:path'
import { answers } from '../answers.ts'
import { dataIn, machineRoot } from '../place.ts'
import type { Durability, Recipe } from '../recipe.ts'
import { built } from '../sources/built.ts'

const version = '0.7.0b3'
const program = 'import sys; from secantus.cli import main; sys.exit(main())'
const replicaSet = 'secantus'
const becomePrimary = (port: number) =>
  `rs.initiate({ _id: '${replicaSet}', members: [{ _id: 0, host: '127.0.0.1:${port}' }] })
  while (!db.hello().isWritablePrimary) sleep(50)`

/** `{ping: 1, $db: "admin"}` as an OP_MSG of the wire protocol. */
const ping =
  '\x33\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\x1e\0\0\0\x10ping\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0'

/** Speaks the wire protocol of MongoDB as a replica set of one; every commit is on the disk. */
export const mongodb = ({ durable = true }: Durability = {}): Recipe => ({
  kind: 'mongodb',
  version: '0.7',
  name: 'SecantusDB (MongoDB wire protocol)',
  image: {
    name: 'mongo:8',
    port: 'same',
    data: '/data/db',
    command: (port) => ['mongod', '--replSet', replicaSet, '--bind_ip_all', '--port', String(port)],
    setUp: (port) => ['mongosh', '--quiet', '--port', String(port), '--eval', becomePrimary(port)],
  },
  sources: [
    async () => ({
      root: machineRoot,
      program: join(await built('secantusdb'), 'bin/python'),
      version,
      from: 'package of PyPI',
    }),
  ],
  prepare: (python, place, port) => ({
    command: [
      python,
      ...['-c', program, '--host', '127.0.0.1', '--port', String(port), '--log-level', 'WARNING'],
      ...[
        '--storage-path',
        join(dataIn(place), 'db'),
        ...(durable ? ['--sync-on-commit'] : []),
        '--cache-size',
        '256M',
      ],
    ],
    env: { PYTHONUNBUFFERED: '1' },
  }),
  isReady: (port) => answers(port, ping, (reply) => reply.includes('\x01ok\0')),
  url: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=${replicaSet}`,
})
