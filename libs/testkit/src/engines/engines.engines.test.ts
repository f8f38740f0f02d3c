import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { killNine } from '../processes.ts'
import { tempDirectory } from '../temp-directory.ts'
import { brokerVersions, engines } from './engines.ts'

const kinds = ['postgres', 'redis', 'rabbitmq', 'mongodb', 's3'] as const
const module = new URL('engines.ts', import.meta.url).href

/** Says something to a Redis and hears what it says until it hangs up. */
async function say(url: string, ...commands: string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write([...commands, 'QUIT', ''].join('\r\n'))
  return await text(socket)
}

test('an engine keeps what it acknowledged over a kill, under the same URL', async () => {
  await using redis = await engines.start('redis')
  expect(await say(redis.url, 'SET key kept')).toContain('+OK')
  await redis.kill()
  await expect(say(redis.url, 'GET key')).rejects.toThrow('ECONNREFUSED')
  await redis.restart()
  expect(await say(redis.url, 'GET key')).toContain('kept')
})

test.each(kinds)('%s stops, and comes back under its URL', async (kind) => {
  await using engine = await engines.start(kind)
  const port = portOf(engine.url)
  expect(await isListening(port)).toBe(true)
  await engine.stop()
  expect(await isListening(port)).toBe(false)
  await engine.restart()
  expect(await isListening(port)).toBe(true)
})

test('two of a kind at once know nothing of each other', async () => {
  await using one = await engines.start('redis')
  await using two = await engines.start('redis')
  await say(one.url, 'SET key one')
  expect(await say(two.url, 'GET key')).toContain('$-1')
})

test.each(brokerVersions)('RabbitMQ %s is that version, and stops as asked', async (version) => {
  await using broker = await engines.start('rabbitmq', { version })
  await broker.ctl('status')
  expect(await broker.ctl('version')).toMatch(new RegExp(`^${version}[.]`))
  await broker.stop()
  await expect(broker.ctl('status')).rejects.toThrow('failed')
})

test('a process that is killed leaves no engine behind', async () => {
  const program = `import { engines } from '${module}'
    for (const kind of ${JSON.stringify(kinds)}) console.log((await engines.start(kind)).url)
    process.stdin.resume()`
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let printed = ''
  while (printed.split('\n').length <= kinds.length) printed += String(await once(holder.stdout, 'data'))
  const ports = printed.trim().split('\n').map(portOf)
  for (const port of ports) expect(await isListening(port)).toBe(true)
  await killNine(holder.pid ?? 0)
  await eventually(async () => {
    expect(await Promise.all(ports.map(isListening))).toEqual(kinds.map(() => false))
  })
})

test('where packages cannot be had, the reason is said', async () => {
  await using stack = new AsyncDisposableStack()
  const env = {
    ...process.env,
    XDG_CACHE_HOME: await tempDirectory(stack),
    DEBIAN_MIRROR: 'http://127.0.0.1:9/debian',
  }
  const program = `import { engines } from '${module}'
    await engines.start('redis').catch((error) => console.log(error.message))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  expect(await text(child.stdout)).toMatch(
    /Redis .* packages of Debian bookworm cannot be had .*(127\.0\.0\.1|apt).*SANDKEEP_TEST_REDIS_URL/s,
  )
})

/** An S3 server is known by its bucket, and has its address beside. */
function portOf(url: string): number {
  const { port, searchParams } = new URL(url)
  return Number(port || new URL(searchParams.get('endpoint') ?? '').port)
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
