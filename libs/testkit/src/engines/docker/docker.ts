import { request } from 'node:http'
import type { ContainerRuntimeClient } from 'testcontainers'
import { EngineError } from '../engine.ts'

/** A Docker engine of this machine. Its library is loaded where one answers, and nowhere else. */
export interface Docker {
  socket: string
  client: ContainerRuntimeClient
  testcontainers: typeof import('testcontainers')
}

const standardSocket = '/var/run/docker.sock'
const patienceMs = 2_000
let found: Promise<Docker | null> | undefined

/** The Docker engine of this machine; null where none answers or `SANDKEEP_TEST_DOCKER` is `off`. Asked once. */
export const findDocker = (): Promise<Docker | null> => {
  found ??= connectDocker()
  return found
}

async function connectDocker(): Promise<Docker | null> {
  const socket = socketPath()
  if (socket === null || !(await answersPing(socket))) return null
  // Its own janitor is an image more to fetch; `removeWithThisProcess` does that work.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] = '127.0.0.1'
  try {
    const testcontainers = await import('testcontainers')
    return { socket, testcontainers, client: await testcontainers.getContainerRuntimeClient() }
  } catch (error) {
    throw new EngineError('Docker answers and cannot be used', error)
  }
}

/** Engines are reached on 127.0.0.1: a Docker of another machine does not serve. */
function socketPath(): string | null {
  const choice = process.env['SANDKEEP_TEST_DOCKER'] || 'on'
  if (choice === 'off') return null
  if (choice !== 'on') throw new Error(`SANDKEEP_TEST_DOCKER is "${choice}": it can be on or off`)
  const host = process.env['DOCKER_HOST'] || `unix://${standardSocket}`
  return host.startsWith('unix://') ? host.slice('unix://'.length) : null
}

async function answersPing(socketPath: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  request({ socketPath, path: '/_ping', timeout: patienceMs })
    .on('response', (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    .on('timeout', () => resolve(false))
    .on('error', () => resolve(false))
    .end()
  return await promise
}
