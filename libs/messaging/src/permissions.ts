import type { ConsumerDefinition } from './handler.ts'
import { exchangeOf } from './topology.ts'

/** What a user of RabbitMQ may do, as it writes it: one regular expression of names for each right. */
export interface BrokerPermissions {
  configure: string
  write: string
  read: string
}

/**
 * The least that a service's user needs: everything under its own name, and the exchanges that its queues are bound
 * to. Those it may declare, since it may be there before their owner. `amq.default` is the way to its retry queues.
 */
export function brokerPermissions(
  service: string,
  consumers: readonly ConsumerDefinition[],
): BrokerPermissions {
  const owners = new Set(consumers.flatMap(({ topology }) => topology.bindings.map((it) => it.owner)))
  const heard = [...owners].filter((owner) => owner !== service).map(exchangeOf)
  const own = `${literal(service)}\\..+`
  return {
    configure: anyOf([own, ...heard.map(literal)]),
    write: anyOf([own, ...(consumers.length > 0 ? [literal('amq.default')] : [])]),
    read: anyOf([own, ...heard.map(literal)]),
  }
}

const literal = (name: string) => name.replaceAll('.', '\\.')

const anyOf = (patterns: string[]) => `^(${patterns.join('|')})$`
