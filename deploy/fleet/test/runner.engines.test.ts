import { once } from 'node:events'
import { join } from 'node:path'
import { findInstance } from '@sandkeep/embedded/parts'
import { eventually, gone, isListening, killNine, tempDirectory } from '@sandkeep/testkit'
import { afterAll, expect, test } from 'vitest'
import { runProgram, startProgram } from './programs.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

test('a runner that is killed leaves neither a service nor an engine behind', async () => {
  const DATA_DIR = join(await tempDirectory(stack), 'fleet')
  const runner = startProgram('fleet/src/main.ts', ['--broker', '3.10'], { DATA_DIR, PORT: '0' })
  stack.defer(() => void runner.kill('SIGKILL'))
  runner.stderr.resume()
  let said = ''
  while (!said.includes('Ctrl-C stops it')) said += String((await once(runner.stdout, 'data'))[0])
  expect(said).toMatch(/Services +identity +http.* process \d+/)
  expect(said).toMatch(/student@sandkeep\.test +Otp-28-/)
  expect(said).toContain('RabbitMQ 3.10')

  const instance = await findInstance(DATA_DIR)
  const pids = Object.values(instance?.services ?? {}).map((it) => it.pid)
  const engines = /Engines.*Sign in/s.exec(said)?.[0] ?? ''
  const ports = [...engines.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
  expect([pids.length, ports.length]).toEqual([3, 6])
  await killNine(runner.pid ?? 0)
  await Promise.all(pids.map(gone))
  await eventually(async () => {
    expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false))
  })
})

test('a command line that cannot be followed is refused with what can be', async () => {
  const killed = await runProgram('fleet/src/main.ts', ['--kill', 'mail'])
  expect(killed).toMatchObject({ code: 78 })
  expect(killed.text).toContain('--kill takes identity, sandbox, gateway, not mail.')
  const DATA_DIR = join(await tempDirectory(stack), 'none')
  const nobody = await runProgram('fleet/src/main.ts', ['--kill', 'sandbox'], { DATA_DIR })
  expect(nobody.text).toContain('No fleet runs on')
  const half = await runProgram('fleet/src/main.ts', [], { DATA_DIR, PORT: '0', SANDBOX_BUS_URL: 'amqp://x' })
  expect(half.text).toContain('Only one of IDENTITY_BUS_URL and SANDBOX_BUS_URL is set')
})
