import { createHash, randomBytes } from 'node:crypto'
import type { BrokerPermissions } from '@sandkeep/messaging'

export interface BrokerUser {
  name: string
  password: string
  permissions: BrokerPermissions
}

/** What RabbitMQ imports: a virtual host, and users who may do there what they must, and nothing elsewhere. */
export function brokerDefinitions(vhost: string, users: readonly BrokerUser[]): object {
  return {
    vhosts: [{ name: vhost }],
    users: users.map(({ name, password }) => ({
      name,
      password_hash: passwordHash(password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    permissions: users.map(({ name, permissions }) => ({ user: name, vhost, ...permissions })),
  }
}

function passwordHash(password: string): string {
  const salt = randomBytes(4)
  const digest = createHash('sha256').update(salt).update(password).digest()
  return Buffer.concat([salt, digest]).toString('base64')
}

/** The definitions as an expression of Erlang that imports them. */
export function importExpression(definitions: object): string {
  const escaped = JSON.stringify(definitions).replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  return `rabbit_definitions:import_raw(<<"${escaped}">>).`
}
