import { execFile } from 'node:child_process'
import { glob, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../free-port.ts'
import { answers } from './answers.ts'
import { EngineError } from './engine.ts'
import type { Recipe } from './from-root.ts'
import { inNamespace, type Place, rootEnvironment } from './namespace.ts'

const run = promisify(execFile)
const protocolHeader = 'AMQP\x00\x00\x09\x01'
const methodFrame = '\x01'
const onLoopback = '-kernel inet_dist_use_interface {127,0,0,1}'

/** A broker without plugins; its administration finds it by a name server of its own. */
export async function rabbitmq(place: Place, port: number): Promise<Recipe> {
  await writeFile(join(place.data, 'rabbitmq.conf'), 'log.file.level = warning\n')
  await writeFile(join(place.data, 'plugins'), '[].\n')
  const [namePort, nodePort] = [await freePort(), await freePort()]
  return {
    command: [await program(place.root, 'rabbitmq-server')],
    env: {
      RABBITMQ_NODENAME: 'sandkeep@localhost',
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(nodePort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: String(namePort),
      RABBITMQ_BASE: '/data',
      RABBITMQ_MNESIA_BASE: '/data/mnesia',
      RABBITMQ_LOG_BASE: '/data/log',
      RABBITMQ_CONFIG_FILE: '/data/rabbitmq.conf',
      RABBITMQ_ENABLED_PLUGINS_FILE: '/data/plugins',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: onLoopback,
      RABBITMQ_CTL_ERL_ARGS: onLoopback,
      // The server takes the place of its start script, so that signals reach it.
      RUNNING_UNDER_SYSTEMD: 'true',
    },
    isReady: () => answers(port, protocolHeader, methodFrame),
  }
}

/** Runs `rabbitmqctl` on a broker; answers what it printed. */
export async function rabbitmqctl(
  place: Place,
  env: Record<string, string>,
  args: string[],
): Promise<string> {
  const command = [await program(place.root, 'rabbitmqctl'), '--quiet', ...args]
  const [file, ...rest] = inNamespace(place, command)
  try {
    const { stdout } = await run(file, rest, { cwd: '/', env: { ...rootEnvironment, ...env } })
    return stdout
  } catch (error) {
    throw new EngineError(`rabbitmqctl ${args.join(' ')} failed`, error)
  }
}

/** Not the wrapper of the same name, which wants an account of its own. */
async function program(root: string, name: string): Promise<string> {
  for await (const path of glob(join(root, 'usr/lib/rabbitmq/lib/*/sbin', name)))
    return `/${relative(root, path)}`
  throw new EngineError(`there is no ${name} in ${root}`)
}
