import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

export function counter<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: L[],
): Counter<L> {
  return (
    existing(registry, name, Counter<L>) ?? new Counter({ name, help, labelNames, registers: [registry] })
  )
}

function gauge<L extends string>(registry: Registry, name: string, help: string, labelNames: L[]): Gauge<L> {
  return existing(registry, name, Gauge<L>) ?? new Gauge({ name, help, labelNames, registers: [registry] })
}

function histogram<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: L[],
): Histogram<L> {
  return (
    existing(registry, name, Histogram<L>) ??
    new Histogram({ name, help, labelNames, buckets: seconds, registers: [registry] })
  )
}

/** Relays and consumers of one process may share a registry. */
function existing<M>(registry: Registry, name: string, kind: new (...args: never[]) => M): M | undefined {
  const metric: unknown = registry.getSingleMetric(name)
  return metric instanceof kind ? metric : undefined
}

export const relayMetrics = (registry: Registry) => ({
  pending: gauge(registry, 'outbox_pending', 'Events committed and not yet confirmed by the bus', ['owner']),
  oldest: gauge(registry, 'outbox_oldest_seconds', 'Age of the oldest such event', ['owner']),
  leads: gauge(registry, 'outbox_relay_leads', '1 in the process whose relay publishes', ['owner']),
  published: counter(registry, 'outbox_published_total', 'Events confirmed by the bus', ['owner']),
  unconfirmed: counter(registry, 'outbox_unconfirmed_total', 'Attempts to publish that were not confirmed', [
    'owner',
  ]),
  confirm: histogram(registry, 'outbox_confirm_seconds', 'From publishing to the confirm', ['owner']),
})
export type RelayMetrics = ReturnType<typeof relayMetrics>

export const consumerMetrics = (registry: Registry) => ({
  handled: counter(registry, 'events_handled_total', 'Deliveries by what became of them', [
    'queue',
    'type',
    'outcome',
  ]),
  duration: histogram(registry, 'event_handler_seconds', 'From delivery to commit', ['queue', 'type']),
  lag: histogram(registry, 'event_lag_seconds', 'From the event to the commit of its effect', ['queue']),
  waiting: gauge(registry, 'events_waiting', 'Events in the queue that no consumer has in hand', ['queue']),
  duplicates: counter(registry, 'inbox_duplicates_total', 'Deliveries of events already handled', ['queue']),
  dead: counter(registry, 'events_dead_total', 'Events given up', ['queue']),
  parked: gauge(registry, 'events_parked', 'Events of ordered consumers that wait', ['queue', 'state']),
})
export type ConsumerMetrics = ReturnType<typeof consumerMetrics>
