import { answers } from '../answers.ts'
import { dataIn } from '../place.ts'
import type { Durability, Recipe } from '../recipe.ts'
import { debianPackage } from '../sources/debian-root.ts'
import { hostProgram } from '../sources/host.ts'

/** Keeps what it acknowledged over a kill, as a Redis that holds more than a cache would. */
export const redis = ({ durable = true }: Durability = {}): Recipe => ({
  kind: 'redis',
  version: '7.0',
  name: 'Redis',
  image: {
    name: 'redis:7.0',
    port: 6379,
    data: '/data',
    command: () => ['redis-server', ...argumentsOf({ ...persistence(durable), 'protected-mode': 'no' })],
  },
  sources: [
    hostProgram({ paths: ['/usr/{,local/}bin/redis-server'], version: '7.' }),
    debianPackage('bookworm', 'redis-server', () => 'redis-server'),
  ],
  prepare(program, place, port) {
    const settings = {
      bind: '127.0.0.1',
      port: String(port),
      dir: dataIn(place),
      ...persistence(durable),
    }
    return {
      command: [program, ...argumentsOf(settings)],
      env: {},
    }
  },
  isReady: (port) => answers(port, 'PING\r\n', (reply) => reply.startsWith('+PONG')),
  url: (port) => `redis://127.0.0.1:${port}`,
})

const persistence = (durable: boolean) => ({
  save: '',
  appendonly: durable ? 'yes' : 'no',
  // With a flush each second, answers overtake the file while a flush is under way.
  appendfsync: 'always',
})

const argumentsOf = (settings: Record<string, string>) =>
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
