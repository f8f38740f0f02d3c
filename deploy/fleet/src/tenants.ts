import type { StoredService } from '@sandkeep/embedded/parts'
import { brokerPermissions, type ConsumerDefinition } from '@sandkeep/messaging'
import { createDatabase, openPostgres, sql } from '@sandkeep/postgres'
import { consumers as sandboxConsumers } from '@sandkeep/sandbox/consumers'
import type { Broker } from '@sandkeep/testkit'
import { brokerDefinitions, importExpression } from './broker-definitions.ts'

const vhost = 'sandkeep'

const consumersOf: Record<StoredService, readonly ConsumerDefinition[]> = {
  identity: [],
  sandbox: sandboxConsumers,
}

/** Makes a service's database and role on a cluster, where the role can reach nothing else; answers the role's URL. */
export async function addDatabase(adminUrl: string, service: string, password: string): Promise<string> {
  await createDatabase(adminUrl, { name: service, owner: service, password })
  await using admin = await openPostgres({ url: adminUrl, applicationName: 'fleet', max: 1 })
  for (const name of ['postgres', 'template1'])
    await admin.run(sql`revoke connect on database ${sql.identifier(name)} from public`)
  return Object.assign(new URL(adminUrl), { username: service, password, pathname: `/${service}` }).href
}

/** Makes a user for each service on a broker, with the rights that its events need; answers their URLs. */
export async function addBrokerUsers(
  broker: Broker,
  passwords: Record<StoredService, string>,
): Promise<Record<StoredService, string>> {
  const user = (name: StoredService) => ({
    name,
    password: passwords[name],
    permissions: brokerPermissions(name, consumersOf[name]),
  })
  await broker.ctl('eval', importExpression(brokerDefinitions(vhost, [user('identity'), user('sandbox')])))
  const urlOf = (username: StoredService) =>
    Object.assign(new URL(broker.url), {
      username,
      password: passwords[username],
      pathname: `/${vhost}`,
    }).href
  return { identity: urlOf('identity'), sandbox: urlOf('sandbox') }
}
