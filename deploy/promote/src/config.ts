import { readFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { StartRefusedError } from '@sandkeep/embedded/parts'
import { readConfig, secret } from '@sandkeep/service-kit'
import { z } from 'zod'

/** Where the data goes. The variables are those of the fleet. */
const configSchema = z.object({
  IDENTITY_DATABASE_URL: secret().describe("Identity's own PostgreSQL database, empty"),
  SANDBOX_DATABASE_URL: secret().describe("Sandbox's own PostgreSQL database, empty"),
  SANDBOX_DOCUMENTS_URL: secret().describe('MongoDB, with the database in the path, or postgres:'),
  IDENTITY_OBJECTS_URL: secret().describe("S3, or a directory, for identity's objects"),
  SANDBOX_OBJECTS_URL: secret().describe("S3, or a directory, for sandbox's objects"),
})

export interface Target {
  identity: { database: string; objects: string }
  sandbox: { database: string; objects: string; documents: string }
}

/** Reads the file that names the engines. */
export async function readTarget(path: string): Promise<Target> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new StartRefusedError(`${path}, which must name the engines, cannot be read: ${error.message}`)
  })
  const config = readConfig(configSchema, { ...parseEnv(text) })
  return {
    identity: {
      database: config.IDENTITY_DATABASE_URL.reveal(),
      objects: config.IDENTITY_OBJECTS_URL.reveal(),
    },
    sandbox: {
      database: config.SANDBOX_DATABASE_URL.reveal(),
      objects: config.SANDBOX_OBJECTS_URL.reveal(),
      documents: config.SANDBOX_DOCUMENTS_URL.reveal(),
    },
  }
}
