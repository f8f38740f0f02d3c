import { answers } from './answers.ts'
import type { Recipe } from './from-root.ts'

/** Keeps what it acknowledged over a kill, as a Redis that holds more than a cache would. */
export function redis(port: number): Recipe {
  const settings = { bind: '127.0.0.1', port: String(port), dir: '/data', save: '', appendonly: 'yes' }
  return {
    command: ['redis-server', ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
    env: {},
    isReady: () => answers(port, 'PING\r\n', '+PONG'),
  }
}
