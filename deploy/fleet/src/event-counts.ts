import type { EventCounts } from '@sandkeep/embedded/parts'
import type { SupervisedService } from './supervise.ts'

/** Sums up what relays and consumers have counted, each since its process started. */
export async function countEvents(services: readonly SupervisedService[]): Promise<EventCounts> {
  const pages = await Promise.all(services.map(({ url }) => metricsAt(url)))
  const text = pages.join('\n')
  return {
    published: sumBy(text, 'outbox_published_total', 'owner'),
    consumed: sumBy(text, 'events_handled_total', 'queue', 'outcome="handled"'),
  }
}

const metricsAt = (url: string): Promise<string> =>
  fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  )

/** Of the samples of a metric whose labels contain `only`. */
function sumBy(text: string, metric: string, label: string, only = ''): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [, labels = '', value] of text.matchAll(new RegExp(`^${metric}{(.*)} (\\S+)$`, 'gm'))) {
    const key = new RegExp(`\\b${label}="([^"]*)"`).exec(labels)?.[1]
    if (key !== undefined && labels.includes(only)) sums[key] = (sums[key] ?? 0) + Number(value)
  }
  return sums
}
