import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { eventually } from '@sandkeep/testkit'
import { expect, onTestFinished, test } from 'vitest'

const program = fileURLToPath(new URL('../../test/notes-service.ts', import.meta.url))
const phases = ['unready', 'stop-accepting', 'stop-consuming', 'flush', 'close']

interface Line {
  msg: string
  phase?: string
  address?: string
}

interface Running {
  child: ChildProcess
  lines: () => Line[]
  errors: () => string
  /** The exit code, when it has ended. */
  ended: Promise<number>
}

function start(env: Record<string, string>): Running {
  const child = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => err.push(String(chunk)))
  return {
    child,
    lines: () =>
      out
        .join('')
        .split('\n')
        .slice(0, -1)
        .map((line): Line => JSON.parse(line)),
    errors: () => err.join(''),
    ended: once(child, 'close').then(([code]) => Number(code)),
  }
}

const logged = ({ lines }: Running, expected: Partial<Line>) =>
  eventually(() => {
    expect(lines()).toContainEqual(expect.objectContaining(expected))
    return lines().find((it) => it.msg === expected.msg)
  })

const startListening = async (env: Record<string, string> = {}) => {
  const service = start(env)
  const url = (await logged(service, { msg: 'service listening' }))?.address ?? ''
  return { ...service, url }
}

const phasesOf = ({ lines }: Running) => lines().flatMap((it) => (it.msg === 'phase' ? [it.phase] : []))

test('a signal ends a service in five phases in their order, after what is in flight', async () => {
  const service = await startListening()
  const answer = fetch(`${service.url}/wait`)
  await logged(service, { msg: 'waiting' })
  service.child.kill('SIGTERM')
  await logged(service, { msg: 'phase', phase: 'stop-accepting' })
  service.child.stdin?.write('go')

  expect((await answer).status).toBe(200)
  expect(await service.ended).toBe(0)
  expect(phasesOf(service)).toEqual(phases)
  expect(service.lines().map((it) => it.msg)).not.toContain('shutdown phase took too long')
  const order = service.lines().map((it) => it.phase ?? it.msg)
  expect(order.indexOf('answering')).toBeLessThan(order.indexOf('stop-consuming'))
})

test('a phase that takes too long is named and given up, and the others still come', async () => {
  const service = await startListening({ BEHAVIOUR: 'stuck', SHUTDOWN_PHASE_MS: '50' })
  service.child.kill('SIGINT')

  expect(await service.ended).toBe(0)
  expect(phasesOf(service)).toEqual(phases)
  await logged(service, { msg: 'shutdown phase took too long', phase: 'flush' })
})

test('a second signal ends it at once', async () => {
  const service = await startListening({ BEHAVIOUR: 'stuck', SHUTDOWN_PHASE_MS: '60000' })
  service.child.kill('SIGTERM')
  await logged(service, { msg: 'phase', phase: 'flush' })
  service.child.kill('SIGTERM')

  expect(await service.ended).toBe(1)
  expect(phasesOf(service)).not.toContain('close')
})

test('a rejection that nobody handles is logged, ends the service in order, and is its failure', async () => {
  const service = await startListening()
  await fetch(`${service.url}/crash`)

  expect(await service.ended).toBe(1)
  await logged(service, { msg: 'unexpected error' })
  expect(phasesOf(service)).toEqual(phases)
})

test('a service that cannot be built says why, closes what it opened, and exits with 1', async () => {
  const service = start({ BEHAVIOUR: 'broken' })

  expect(await service.ended).toBe(1)
  await logged(service, { msg: 'service did not start' })
  expect(phasesOf(service)).toContain('close')
})

test('a wrong configuration is told in full on stderr and exits with 78', async () => {
  const service = start({ BEHAVIOUR: 'hunter22', PORT: 'hunter22', LOGLEVEL: 'hunter22' })

  expect(await service.ended).toBe(78)
  expect(service.errors()).toContain(
    'BEHAVIOUR invalid option: expected one of "good"|"broken"|"unfit"|"stuck"',
  )
  expect(service.errors()).toContain('PORT invalid input')
  expect(service.errors()).toContain('LOGLEVEL is not known: did you mean LOG_LEVEL?')
  expect(service.errors()).not.toContain('hunter22')
  expect(service.lines()).toEqual([])
})

test('a configuration that turns out wrong while building is told the same way, and what was opened is closed', async () => {
  const service = start({ BEHAVIOUR: 'unfit' })

  expect(await service.ended).toBe(78)
  expect(service.errors()).toBe('BUS_URL does not fit\n')
  expect(phasesOf(service)).toContain('close')
  expect(service.lines().map((it) => it.msg)).not.toContain('service did not start')
})
