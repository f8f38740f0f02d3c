import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { expect, test } from 'vitest'
import { eventually } from '../eventually.ts'
import { isListening } from '../is-listening.ts'
import { killNine } from '../processes.ts'
import { tempDirectory } from '../temp-directory.ts'
import { engines } from './engines.ts'
import { postgresVersions } from './kinds/postgres.ts'
import { brokerVersions } from './kinds/rabbitmq.ts'

const light = ['postgres', 'redis', 'rabbitmq', 'mongodb', 's3', 'influxdb'] as const
const kinds = [...light, 'opensearch'] as const
/** Some are built when they are asked for first. */
const buildMs = 15 * 60_000
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

test.each(kinds)(
  '%s stops, and comes back under its URL',
  async (kind) => {
    await using engine = await engines.start(kind)
    const port = portOf(engine.url)
    expect(await isListening(port)).toBe(true)
    await engine.stop()
    expect(await isListening(port)).toBe(false)
    await engine.restart()
    expect(await isListening(port)).toBe(true)
  },
  buildMs,
)

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

test.each(postgresVersions)('PostgreSQL %s is that version, and hangs when it is paused', async (version) => {
  await using server = await engines.start('postgres', { version })
  const client = new pg.Client(server.url)
  client.on('error', () => {})
  await client.connect()
  expect((await client.query('show server_version')).rows[0].server_version).toMatch(
    new RegExp(`^${version}[.]`),
  )
  await server.pause()
  let answered = false
  const answer = client.query('select 1').then(() => {
    answered = true
  })
  await expect(
    new pg.Client({ connectionString: server.url, connectionTimeoutMillis: 300 }).connect(),
  ).rejects.toThrow()
  expect(answered).toBe(false)
  await server.resume()
  await answer
  await client.end()
})

test('PostgreSQL meets a full disk of its own, and goes on when there is room', async () => {
  await using engine = await engines.start('postgres', { diskMiB: 128 })
  await engine.fillDisk()
  await expect(writeForever(() => writeRows(engine.url))).rejects.toThrow(/space|closed/)
  await engine.freeDisk()
  await eventually(() => writeRows(engine.url))
  await engine.restart()
  await writeRows(engine.url)
})

test('Redis ends on a full disk of its own rather than lose a write, and comes back when there is room', async () => {
  await using engine = await engines.start('redis', { diskMiB: 128 })
  await engine.fillDisk()
  await expect(writeForever(() => writeKey(engine.url))).rejects.toThrow()
  await eventually(async () => expect(await isListening(portOf(engine.url))).toBe(false))
  await engine.freeDisk()
  await engine.restart()
  await writeKey(engine.url)
})

async function writeForever(write: () => Promise<void>): Promise<never> {
  for (;;) await write()
}

async function writeKey(url: string) {
  const answer = await say(url, `SET ${randomUUID()} ${'x'.repeat(64 * 1024)}`)
  if (!answer.startsWith('+OK')) throw new Error(answer)
}

async function writeRows(url: string) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(
      `create table "${randomUUID()}" as select repeat(md5(i::text), 10) from generate_series(1, 50000) as i`,
    )
  } finally {
    await client.end()
  }
}

test('an engine that shares the disk of the machine does not fill it', async () => {
  await using redis = await engines.start('redis')
  await expect(redis.fillDisk()).rejects.toThrow('start it with `diskMiB`')
})

test(
  'a process that is killed leaves no engine, mount, folder or process behind',
  async () => {
    await using stack = new AsyncDisposableStack()
    const folder = await tempDirectory(stack)
    const program = `import { engines } from '${module}'
    for (const kind of ${JSON.stringify(light)}) console.log((await engines.start(kind, { diskMiB: 512 })).url)
    process.stdin.resume()`
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, TMPDIR: folder, SANDKEEP_TEST_DOCKER: 'off' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let printed = ''
    while (printed.split('\n').length <= light.length) printed += String(await once(holder.stdout, 'data'))
    const ports = printed.trim().split('\n').map(portOf)
    for (const port of ports) expect(await isListening(port)).toBe(true)
    expect(await commandsWith(folder)).not.toEqual([])
    await killNine(holder.pid ?? 0)
    await eventually(async () => {
      expect(await Promise.all(ports.map(isListening))).toEqual(light.map(() => false))
      expect(await commandsWith(folder)).toEqual([])
      expect(await readdir(folder)).toEqual([])
      expect(await readFile('/proc/mounts', 'utf8')).not.toContain(folder)
    })
  },
  buildMs,
)

/** The command lines of the processes of this machine that name the text. */
async function commandsWith(text: string): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')),
  )
  return commands.filter((command) => command.includes(text))
}

test('where packages cannot be had, the reason is said', async () => {
  await using stack = new AsyncDisposableStack()
  const env = {
    ...process.env,
    XDG_CACHE_HOME: await tempDirectory(stack),
    DEBIAN_MIRROR: 'http://127.0.0.1:9/debian',
    SANDKEEP_TEST_DOCKER: 'off',
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
