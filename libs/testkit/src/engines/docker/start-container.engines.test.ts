import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { tempDirectory } from '../../temp-directory.ts'

const module = new URL('../engines.ts', import.meta.url).href
const program = `import { engines } from '${module}'
  await using engine = await engines.start('redis')
  console.log(engine.origin)`

/** What a process of its own says that it started, beside something that answers as a Docker engine would. */
async function originBeside(answer: RequestListener, env: Record<string, string> = {}): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const socket = join(await tempDirectory(stack), 'docker.sock')
  const server = createServer(answer).listen(socket)
  stack.defer(() => void server.close())
  await once(server, 'listening')
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, DOCKER_HOST: `unix://${socket}`, SANDKEEP_TEST_DOCKER: 'on', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return await text(child.stdout)
}

test('a Docker engine that cannot serve is passed over, and the reason is said', async () => {
  const origin = await originBeside(({ url }, response) => {
    response.statusCode = url === '/_ping' ? 200 : 500
    response.end('{"message": "out of order"}')
  })
  expect(origin).toMatch(/^Redis 7.*package.*\(Docker answers and cannot be used/)
})

test('an image that cannot be had is passed over, and the reason is said', async () => {
  const origin = await originBeside(({ url = '' }, response) => {
    const isOfImage = url.includes('/images/')
    response.statusCode = !isOfImage ? 200 : url.includes('/images/create') ? 500 : 404
    response.end(isOfImage ? '{"message": "the registry is away"}' : '{"Labels": [], "Containers": 0}')
  })
  expect(origin).toMatch(/^Redis 7.*package.*\(Docker cannot have redis:7\.0.*the registry is away/)
})

test('SANDKEEP_TEST_DOCKER=off asks no Docker engine', async () => {
  let asked = 0
  const origin = await originBeside(
    (_, response) => {
      asked++
      response.end('OK')
    },
    { SANDKEEP_TEST_DOCKER: 'off' },
  )
  expect(origin).toMatch(/^Redis 7[^()]*$/)
  expect(asked).toBe(0)
})
