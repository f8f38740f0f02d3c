import { execFile } from 'node:child_process'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { clusterArguments, serverSettings, shippedBinDirectory } from '@sandkeep/postgres'
import { answers } from '../answers.ts'
import type { Image } from '../docker/image.ts'
import { EngineError } from '../engine.ts'
import { asNobody, inPlace } from '../namespace.ts'
import { dataIn, environmentIn, type Place } from '../place.ts'
import type { Durability, Recipe } from '../recipe.ts'
import { debianPackage } from '../sources/debian-root.ts'
import { folderOf, hostProgram, inspect } from '../sources/host.ts'
import type { Source } from '../sources/installed.ts'

const run = promisify(execFile)
const [user, password] = ['postgres', 'sandkeep']
const nobody = 65_534

/** The first message of a client, which is asked for its password once the server takes any. */
const startup = `\0\0\0\x17\0\x03\0\0user\0${user}\0\0`
const authenticationRequest = 'R'

/** The versions of PostgreSQL that everything is held to. */
export const postgresVersions = ['15', '17', '18'] as const
export type PostgresVersion = (typeof postgresVersions)[number]

export const postgres = (version: PostgresVersion, { durable = true }: Durability = {}): Recipe => ({
  kind: 'postgres',
  version,
  name: 'PostgreSQL',
  image: imageOf(version, durable),
  sources: sourcesOf(version),
  async prepare(directory, place, port) {
    await createCluster(directory, place, { version, durable })
    const settings = serverSettings({ port, durable })
    const command = [join(directory, 'postgres'), '-D', clusterIn(place), ...settings]
    return {
      command: [...(await asNobody(place)), ...command],
      env: { LC_ALL: 'C' },
      stopSignal: 'SIGINT',
    }
  },
  isReady: (port) => answers(port, startup, (reply) => reply.startsWith(authenticationRequest)),
  url: (port) => `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`,
})

const clusterIn = (place: Place) => join(dataIn(place), 'cluster')

async function createCluster(
  directory: string,
  place: Place,
  { version, durable }: { version: PostgresVersion; durable: boolean },
): Promise<void> {
  const passwordFile = join(place.data, 'password')
  await mkdir(join(place.data, 'cluster'), { mode: 0o700 })
  await writeFile(passwordFile, password)
  if (process.getuid?.() === 0) await chown(join(place.data, 'cluster'), nobody, nobody)
  const options = ['--pgdata', clusterIn(place), '--username', user]
  const args = [...options, '--pwfile', join(dataIn(place), 'password'), ...clusterArguments(Number(version))]
  const command = [...(await asNobody(place)), join(directory, 'initdb'), ...args]
  const [file = '', ...rest] = await inPlace(place, durable ? command : [...command, '--no-sync'])
  try {
    await run(file, rest, { cwd: '/', env: { ...environmentIn(place), LC_ALL: 'C' } })
  } catch (error) {
    throw new EngineError(`PostgreSQL ${version} cannot make a cluster`, error)
  }
}

function sourcesOf(version: PostgresVersion): Source[] {
  const directory = `/usr/lib/postgresql/${version}/bin`
  const paths = [`${directory}/postgres`, `/usr/pgsql-${version}/bin/postgres`]
  const host = folderOf(hostProgram({ paths, version: `${version}.` }))
  return [host, version === '18' ? folderOf(shipped) : unpacked[version]]
}

const unpacked = {
  '15': debianPackage('bookworm', 'postgresql-15', () => '/usr/lib/postgresql/15/bin'),
  '17': debianPackage('trixie', 'postgresql-17', () => '/usr/lib/postgresql/17/bin'),
}

const shipped: Source = async () => {
  const directory = shippedBinDirectory()
  return directory === undefined ? null : await inspect(join(directory, 'postgres'), 'package of npm')
}

function imageOf(version: PostgresVersion, durable: boolean): Image {
  const settings = serverSettings({ port: 5432, durable })
  return {
    name: `postgres:${version}-alpine`,
    port: 5432,
    // Since 18 its image keeps each version in a folder of its own.
    data: version === '18' ? '/var/lib/postgresql' : '/var/lib/postgresql/data',
    env: {
      POSTGRES_USER: user,
      POSTGRES_PASSWORD: password,
      POSTGRES_INITDB_ARGS: clusterArguments(Number(version)).join(' '),
    },
    command: () => [
      'postgres',
      ...settings,
      '-c',
      'listen_addresses=*',
      '-c',
      'unix_socket_directories=/tmp',
    ],
  }
}
