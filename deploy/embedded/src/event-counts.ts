import type { Host } from '@sandkeep/service-kit'
import { z } from 'zod'

type Registry = Host['metrics']

/** Events since the process started. */
export interface EventCounts {
  /** By the service that owns them. */
  published: Record<string, number>
  /** By the queue, each event once. */
  consumed: Record<string, number>
}

const metricSchema = z.object({
  values: z.array(
    z.object({ value: z.number(), labels: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ),
})

/** Sums up what relays and consumers of a process have counted. */
export async function countEvents(registries: readonly Registry[]): Promise<EventCounts> {
  return {
    published: await sumBy(registries, 'outbox_published_total', 'owner', () => true),
    consumed: await sumBy(
      registries,
      'events_handled_total',
      'queue',
      (labels) => labels['outcome'] === 'handled',
    ),
  }
}

type Labels = Record<string, string | number>

async function sumBy(
  registries: readonly Registry[],
  name: string,
  label: string,
  counts: (labels: Labels) => boolean,
): Promise<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const registry of registries) {
    const { values } = metricSchema.parse((await registry.getSingleMetric(name)?.get()) ?? { values: [] })
    for (const { value, labels } of values.filter((it) => counts(it.labels))) {
      const key = String(labels[label])
      sums[key] = (sums[key] ?? 0) + value
    }
  }
  return sums
}
