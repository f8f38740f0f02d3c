import { execFile } from 'node:child_process'
import { glob, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../free-port.ts'
import { answers } from '../answers.ts'
import type { ContainerEngine } from '../docker/start-container.ts'
import { EngineError } from '../engine.ts'
import { inPlace } from '../namespace.ts'
import { dataIn, environmentIn, machineRoot } from '../place.ts'
import type { Recipe } from '../recipe.ts'
import { debianPackage, type Release } from '../sources/debian-root.ts'
import type { Installed } from '../sources/installed.ts'
import type { LocalEngine } from '../start-engine.ts'

const run = promisify(execFile)
const protocolHeader = 'AMQP\x00\x00\x09\x01'
const methodFrame = '\x01'
const onLoopback = '-kernel inet_dist_use_interface {127,0,0,1}'

/** The versions of RabbitMQ that the bus is held to. */
export const brokerVersions = ['3.10', '4.0'] as const
export type BrokerVersion = (typeof brokerVersions)[number]
const releaseOf: Record<BrokerVersion, Release> = { '3.10': 'bookworm', '4.0': 'trixie' }

/** A broker without plugins; its administration finds it by a name server of its own. */
export const rabbitmq = (version: BrokerVersion): Recipe => ({
  kind: 'rabbitmq',
  version,
  name: 'RabbitMQ',
  image: {
    name: `rabbitmq:${version}`,
    port: 5672,
    data: '/var/lib/rabbitmq',
    env: { RABBITMQ_NODENAME: 'sandkeep@localhost' },
  },
  sources: [() => ofThisMachine(version), debianPackage(releaseOf[version], 'rabbitmq-server', ofRoot)],
  async prepare(directory, place, port) {
    await writeFile(join(place.data, 'rabbitmq.conf'), 'log.file.level = warning\n')
    await writeFile(join(place.data, 'plugins'), '[].\n')
    const [namePort, nodePort] = [await freePort(), await freePort()]
    const data = dataIn(place)
    return {
      command: [join(directory, 'rabbitmq-server')],
      env: {
        RABBITMQ_NODENAME: 'sandkeep@localhost',
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODE_PORT: String(port),
        RABBITMQ_DIST_PORT: String(nodePort),
        ERL_EPMD_ADDRESS: '127.0.0.1',
        ERL_EPMD_PORT: String(namePort),
        RABBITMQ_BASE: data,
        RABBITMQ_MNESIA_BASE: join(data, 'mnesia'),
        RABBITMQ_LOG_BASE: join(data, 'log'),
        RABBITMQ_CONFIG_FILE: join(data, 'rabbitmq.conf'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(data, 'plugins'),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: onLoopback,
        RABBITMQ_CTL_ERL_ARGS: onLoopback,
        // The server takes the place of its start script, so that signals reach it.
        RUNNING_UNDER_SYSTEMD: 'true',
      },
    }
  },
  isReady: (port) => answers(port, protocolHeader, (reply) => reply.startsWith(methodFrame)),
  url: (port) => `amqp://guest:guest@127.0.0.1:${port}`,
})

/** Runs `rabbitmqctl` on a broker; answers what it printed. */
export async function rabbitmqctl(engine: LocalEngine | ContainerEngine, args: string[]): Promise<string> {
  if ('exec' in engine) return await engine.exec(['rabbitmqctl', '--quiet', ...args])
  const { program, place, env } = engine
  const command = [join(program, 'rabbitmqctl'), '--quiet', ...args]
  const [file = '', ...rest] = await inPlace(place, command)
  try {
    const { stdout } = await run(file, rest, { cwd: '/', env: { ...environmentIn(place), ...env } })
    return stdout
  } catch (error) {
    throw new EngineError(`rabbitmqctl ${args.join(' ')} failed`, error)
  }
}

/**
 * The folder of the programs themselves in a root, not of the wrappers of the same names that want an account of
 * their own.
 */
async function programsIn(root: string, version = ''): Promise<string | null> {
  const folders = join(root, `usr/lib/rabbitmq/lib/rabbitmq_server-${version}*/sbin`)
  for await (const path of glob(folders)) return `/${relative(root, path)}`
  return null
}

async function ofThisMachine(version: BrokerVersion): Promise<Installed | null> {
  const program = await programsIn(machineRoot, `${version}.`)
  const exact = /rabbitmq_server-([^/]+)/.exec(program ?? '')?.[1]
  return program && exact
    ? { root: machineRoot, program, version: exact, from: 'package of this machine' }
    : null
}

async function ofRoot(root: string): Promise<string> {
  const program = await programsIn(root)
  if (program === null) throw new EngineError(`there is no RabbitMQ in ${root}`)
  return program
}
